"""Numbers without gap or double under eight writers; a worker killed in the middle of its page."""

import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction

from foundation.documents import selectors, services
from foundation.documents.models import Document, Series
from foundation.documents.services import rendering
from foundation.journal.models import Entry
from tests.accounts.factories import make_buyer_org
from tests.documents.factories import make_document

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS, EACH = 8, 5


@pytest.fixture
def quiet_bell(monkeypatch):
    """Numbers are counted here, nothing is laid out."""
    monkeypatch.setattr(rendering, "_ring", lambda document: None)


@pytest.fixture
def slow_series(monkeypatch):
    """Leave the others time to read the same number before it is written."""
    save = Series.save
    monkeypatch.setattr(Series, "save", lambda series, **options: (time.sleep(0.01), save(series, **options)))


def write_from_many(about, at) -> list[Exception]:
    """Ask for documents from several threads, some of which roll back; what went wrong."""
    wrong = []
    start = threading.Barrier(WRITERS)

    def write(rank):
        start.wait()
        for turn in range(EACH):
            try:
                with transaction.atomic():
                    make_document(about=about, at=at)
                    if (rank + turn) % 3 == 0:
                        raise ZeroDivisionError  # the caller changes his mind after taking a number
            except ZeroDivisionError:
                pass
            except IntegrityError as error:
                wrong.append(error)
        connection.close()

    threads = [threading.Thread(target=write, args=(rank,)) for rank in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def test_no_gap_and_no_double_under_concurrency(at, quiet_bell, slow_series):
    assert write_from_many(make_buyer_org(), at) == []
    numbers = sorted(Document.objects.values_list("number", flat=True))
    expected = sum((rank + turn) % 3 != 0 for rank in range(WRITERS) for turn in range(EACH))
    assert numbers == [f"BC-{at.year}-{rank:04d}" for rank in range(1, expected + 1)]


def test_without_the_lock_numbers_collide(at, quiet_bell, slow_series, monkeypatch):
    """Negative control."""
    monkeypatch.setattr(type(Series.objects.all()), "select_for_update", lambda rows, **options: rows)
    assert write_from_many(make_buyer_org(), at)


def test_two_workers_make_one_document(at, quiet_bell):
    document = make_document(about=make_buyer_org(), at=at)
    results = []

    def work():
        results.append(services.document_render(document_id=document.pk, at=at))
        connection.close()

    threads = [threading.Thread(target=work) for _worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [result.state for result in results if result] == ["ready"]
    assert Entry.objects.filter(object_id=str(document.pk), action="documents.render").count() == 1


WORKER = """
import sys, time, django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[2]
django.setup()
from foundation import clock
from foundation.documents import printing, registry, services
from tests.documents.factories import order_kind
registry.register(order_kind())
def stuck(document):
    print("laying out", flush=True)
    time.sleep(60)
printing.print_document = stuck
services.document_render(document_id=sys.argv[1], at=clock.now())
"""


@pytest.fixture
def other_process():
    """Start a Python process on the test database; killed at the end whatever happens."""
    started = []

    def start(code, *arguments):
        database = connection.settings_dict["NAME"]
        process = subprocess.Popen(
            [sys.executable, "-c", code, *arguments, database], stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_worker_killed_while_it_lays_out_leaves_one_document(at, quiet_bell, other_process):
    """F5: kill -9 in the middle; the sweep finds the row, the number stays, one file is made."""
    document = make_document(about=make_buyer_org(), at=at)
    worker = other_process(WORKER, str(document.pk))
    assert worker.stdout.readline() == "laying out\n"
    worker.send_signal(signal.SIGKILL)
    worker.wait()

    document.refresh_from_db()
    assert (document.state, document.file.name, document.attempts) == ("rendering", "", 1)
    assert not selectors.documents_to_render(at=document.rendering_at).exists()

    later = document.rendering_at + selectors.LEASE + timedelta(seconds=1)
    assert list(selectors.documents_to_render(at=later)) == [document]
    ready = services.document_render(document_id=document.pk, at=later)
    assert (ready.state, ready.number, ready.attempts) == ("ready", document.number, 2)
    assert default_storage.size(ready.file.name) == ready.size
    assert make_document(about=make_buyer_org(), at=at).number.endswith("-0002")
