"""F2: the broker forgets everything or is away; the rows remember (real Valkey, real Celery worker)."""

import contextlib
import time

import pytest
import redis
from celery import current_app
from celery.contrib.testing.worker import start_worker
from django.conf import settings

from foundation.documents.models import Document
from foundation.documents.tasks import sweep_documents
from foundation.notifications.models import Notification, OutboxEmail
from foundation.notifications.tasks import drain_outbox
from tests.accounts.factories import make_buyer_org, make_user
from tests.documents.conftest import kind as document_kind  # noqa: F401
from tests.documents.factories import make_document
from tests.notifications.factories import tell

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def valkey():
    """The broker itself, empty."""
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.flushall()
    yield client
    client.flushall()


@pytest.fixture
def real_queue(valkey):
    """Messages go through the broker, as in production."""
    current_app.conf.task_always_eager = False
    yield current_app
    current_app.conf.task_always_eager = True


@contextlib.contextmanager
def worker(app):
    """A Celery worker that takes what is in the queue."""
    with start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=30):
        yield


def until(condition, seconds=20):
    """Wait for the worker, at most this long."""
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "the worker did not do it in time"
        time.sleep(0.05)


def all_done():
    ready = Document.objects.filter(state="ready").count() == 1
    return ready and OutboxEmail.objects.filter(state="sent").count() == 1


def test_a_queue_wiped_loses_nothing(real_queue, valkey, mail_server, at):
    mail_server.up()
    tell(make_user(), about=make_buyer_org(), at=at)
    make_document(about=make_buyer_org(), at=at)
    assert valkey.llen("celery") == 2
    valkey.flushall()
    with worker(real_queue):
        time.sleep(0.5)
        assert OutboxEmail.objects.get().state == "waiting"
        sweep_documents.delay()
        drain_outbox.delay()
        until(all_done)
    assert len(mail_server.box.envelopes) == 1


def test_a_message_delivered_twice_does_the_work_once(real_queue, valkey, mail_server, at):
    mail_server.up()
    tell(make_user(), about=make_buyer_org(), at=at)
    make_document(about=make_buyer_org(), at=at)
    for message in valkey.lrange("celery", 0, -1):
        valkey.rpush("celery", message)
    assert valkey.llen("celery") == 4
    with worker(real_queue):
        until(lambda: all_done() and valkey.llen("celery") == 0)
    assert len(mail_server.box.envelopes) == 1
    assert Document.objects.get().attempts == 1


def test_a_broker_away_stops_nobody(real_queue, mail_server, at, monkeypatch):
    mail_server.up()
    nowhere = "redis+socket:///nowhere/valkey.sock"
    with monkeypatch.context() as away:
        # In this order: read after the other, the second would be remembered as it must not be.
        away.setattr(real_queue.conf, "broker_write_url", nowhere)
        away.setattr(real_queue.conf, "broker_url", nowhere)
        away.setattr(real_queue, "_pool", None)
        real_queue.amqp._producer_pool = None
        began = time.monotonic()
        tell(make_user(), about=make_buyer_org(), at=at)
        assert time.monotonic() - began < 2
    real_queue._pool = real_queue.amqp._producer_pool = None
    assert Notification.objects.count() == 1
    drain_outbox()
    assert OutboxEmail.objects.get().state == "sent"
    assert len(mail_server.box.envelopes) == 1
