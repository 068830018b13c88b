"""F2: the broker forgets everything; the rows remember and the sweep sends (real Valkey, real Celery worker)."""

import pytest

from foundation.accounts.enums import Role
from foundation.webhooks import services
from foundation.webhooks.models import Delivery
from foundation.webhooks.tasks import deliver_due
from tests.accounts.factories import make_buyer_org, make_member
from tests.notifications.test_broker import real_queue, until, valkey, worker  # noqa: F401
from tests.webhooks.factories import make_endpoint

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_queue_wiped_loses_no_message(real_queue, valkey, receiver, at):  # noqa: F811
    own = make_buyer_org()
    admin = make_member(own, Role.ORG_ADMIN)
    endpoint, _secret = make_endpoint(own, at=at, url=receiver.url, by=admin)
    services.test_send(endpoint=endpoint, by=admin, at=at)
    assert valkey.llen("celery") == 1
    valkey.flushall()
    with worker(real_queue):
        assert receiver.requests == []
        deliver_due.delay()
        until(lambda: Delivery.objects.get().state == "delivered")
    assert len(receiver.requests) == 1


def test_a_message_of_the_queue_taken_twice_is_sent_once(real_queue, valkey, receiver, at):  # noqa: F811
    own = make_buyer_org()
    admin = make_member(own, Role.ORG_ADMIN)
    endpoint, _secret = make_endpoint(own, at=at, url=receiver.url, by=admin)
    services.test_send(endpoint=endpoint, by=admin, at=at)
    for message in valkey.lrange("celery", 0, -1):
        valkey.rpush("celery", message)
    with worker(real_queue):
        until(lambda: Delivery.objects.get().state == "delivered" and valkey.llen("celery") == 0)
    assert len(receiver.requests) == 1
