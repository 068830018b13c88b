"""A reader never misses a release: keys follow the order of commits (A2), with its negative control."""

import threading

import pytest
from django.db import connection, transaction

from foundation.clock import now
from foundation.open_data import services
from foundation.open_data.models import Release

pytestmark = pytest.mark.django_db(transaction=True)


def two_writers() -> list[str]:
    """The slow one takes its key first and commits last, unless it makes the other wait; what a reader saw first."""
    written, go_on = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            services.release_publish(ocid="slow", tags=["tender"], body={}, at=now())
            written.set()
            go_on.wait(3)
        connection.close()

    def quick():
        written.wait(3)
        services.release_publish(ocid="quick", tags=["tender"], body={}, at=now())
        connection.close()

    first, second = threading.Thread(target=slow), threading.Thread(target=quick)
    first.start()
    second.start()
    second.join(0.7)
    seen = list(Release.objects.order_by("pk").values_list("ocid", flat=True))
    go_on.set()
    first.join()
    second.join()
    return seen


def test_what_is_seen_is_never_followed_by_an_older_key():
    assert two_writers() == []
    assert list(Release.objects.order_by("pk").values_list("ocid", flat=True)) == ["slow", "quick"]


def test_without_the_lock_a_reader_misses_one(monkeypatch):
    monkeypatch.setattr(services, "_serialise", lambda: None)
    assert two_writers() == ["quick"]
