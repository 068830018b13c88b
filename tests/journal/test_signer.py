"""The key is with the signer alone: who serves pages has none, asks, and waits for what the signer has written."""

import pytest
from celery import current_app
from django.urls import reverse

from foundation.clock import now
from foundation.errors import Refusal
from foundation.journal import services, tasks
from foundation.journal.models import Checkpoint, Entry
from procurement.schedule import SCHEDULE
from tests.accounts.factories import make_buyer_org
from tests.tenders.factories import make_bid, make_published, make_supplier

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def web(settings, monkeypatch):
    """A process without any key; gives what it has asked of the queue."""
    asked = []
    monkeypatch.setattr(tasks.make_checkpoint, "apply_async", lambda **options: asked.append(options))
    settings.JOURNAL_DEVELOPMENT = False
    return asked


@pytest.fixture
def sign(settings):
    """What the signer does when its bell rings, or when the sweep does."""

    def call() -> None:
        settings.JOURNAL_DEVELOPMENT = True
        tasks.make_checkpoint()
        settings.JOURNAL_DEVELOPMENT = False

    return call


def test_only_the_signature_goes_to_the_queue_of_the_signer():
    queues = {
        name: current_app.amqp.router.route({}, name)["queue"].name
        for name in {entry["task"] for entry in SCHEDULE.values()}
    }
    assert {name for name, queue in queues.items() if queue == "signing"} == {"journal.checkpoint"}


def test_a_receipt_waits_for_the_signer(web, sign):
    organisation = make_buyer_org()
    entry = services.record(
        by=None, action="accounts.create_organisation", obj=organisation, at=now(), organisation=organisation
    )
    with pytest.raises(Refusal, match="signature est demandée"):
        services.receipt(entry)
    assert len(web) == 1
    assert not Checkpoint.objects.exists()
    sign()
    assert services.receipt(entry)["entries"]
    assert len(web) == 1, "what is signed asks for nothing"


def test_the_page_of_a_deposit_says_that_its_proof_is_asked_for(web, sign, client):
    by, firm = make_supplier()
    bid = make_bid(make_published(), by=by, bidder=firm)
    client.force_login(by)
    address = reverse("tenders:bid_receipt", args=[bid.pk])
    waiting = client.get(address)
    assert waiting.status_code == 409
    assert "signature est demandée" in waiting.content.decode()
    assert address in waiting.content.decode()
    assert web
    sign()
    assert client.get(address).json()["journal"]["entries"]


def test_the_sweep_signs_what_no_bell_told(web, sign):
    """A message lost with the queue: the line is a row, the next round finds it."""
    by, firm = make_supplier()
    bid = make_bid(make_published(), by=by, bidder=firm)
    sign()
    assert Checkpoint.objects.first().size == Entry.objects.count()
    assert services.receipt(Entry.objects.get(object_id=str(bid.pk), action="tenders.bid_deposit"))
