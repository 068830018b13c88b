"""Deposits of one bidder at one instant: one stays in force, none is lost; without the queue, some fail."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction

from foundation.clock import database_now
from procurement.celery import app
from tenders.enums import BidState
from tenders.models import Bid
from tenders.services import bids
from tests.tenders.factories import make_bid, make_published, make_supplier

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 6


@pytest.fixture(autouse=True)
def _queued_tasks():
    """Receipts wait in the queue, as in real life, instead of being laid out in the threads of the storm."""
    app.conf.task_always_eager = False
    yield
    app.conf.task_always_eager = True


def storm(tender, by, bidder) -> list:
    """The outcomes of TIMES deposits sent together."""

    def deposit(_number):
        try:
            return make_bid(tender, by=by, bidder=bidder)
        except IntegrityError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(TIMES) as pool:
        return list(pool.map(deposit, range(TIMES)))


def test_one_bid_stays_in_force_and_the_others_are_kept():
    tender, (by, bidder) = make_published(), make_supplier()
    outcomes = storm(tender, by, bidder)
    assert all(isinstance(outcome, Bid) for outcome in outcomes)
    states = list(Bid.objects.order_by("deposited_at").values_list("state", flat=True))
    assert states == [BidState.REPLACED] * (TIMES - 1) + [BidState.DEPOSITED]


def test_without_the_queue_the_database_still_refuses_two_in_force(monkeypatch):
    """The negative control: the lock taken away, deposits are lost; the constraint keeps one in force."""
    monkeypatch.setattr(bids, "queue_of_bidder", lambda tender, bidder_id: database_now())
    tender, (by, bidder) = make_published(), make_supplier()
    outcomes = storm(tender, by, bidder)
    assert any(isinstance(outcome, IntegrityError) for outcome in outcomes)
    assert Bid.objects.filter(state=BidState.DEPOSITED).count() == 1


def test_an_error_after_the_commit_keeps_the_files_of_a_bid_that_stands(monkeypatch):
    def fail_once_committed(bid, recipients, at):
        transaction.on_commit(lambda: 1 / 0)

    monkeypatch.setattr(bids, "tell_deposited", fail_once_committed)
    supplier, firm = make_supplier()
    with pytest.raises(ZeroDivisionError):
        make_bid(make_published(), by=supplier, bidder=firm)
    part = Bid.objects.get(bidder=firm).parts.get(kind="file")
    assert default_storage.exists(part.file.name)


def test_an_error_before_the_commit_leaves_no_file(monkeypatch):
    def fail(bid, recipients, at):
        raise ZeroDivisionError

    monkeypatch.setattr(bids, "tell_deposited", fail)
    tender = make_published()
    supplier, firm = make_supplier()
    with pytest.raises(ZeroDivisionError):
        make_bid(tender, by=supplier, bidder=firm)
    assert not Bid.objects.exists()
    folder = f"tenders/sealed/{tender.pk}"
    left = [
        name
        for bid in default_storage.listdir(folder)[0]
        for name in default_storage.listdir(f"{folder}/{bid}")[1]
    ]
    assert left == []
