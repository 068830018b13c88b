"""D1 (small), D3, D4, D5: which side of the deadline a bid is on, whatever breaks, waits, or tells another hour."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone

from foundation.clock import database_now, now
from procurement.celery import app
from tenders import selectors
from tenders.enums import BidState, RoundState
from tenders.models import Bid, Round, Tender
from tenders.services import bids, rounds
from tests.tenders.factories import make_bid, make_published, make_supplier, set_deadline

STEPS = (
    "store_files",
    "steady_round",
    "queue_of_bidder",
    "_replace_former",
    "write_bid",
    "request_receipt",
    "tell_deposited",
)
"""Each step of a deposit, in its order; the journal line comes last."""
PARIS = ZoneInfo("Europe/Paris")


class Fault(Exception):
    """What a test breaks a step with."""


def files_kept(tender) -> int:
    """How many sealed files of this consultation the storage holds."""
    try:
        folders, _files = default_storage.listdir(f"tenders/sealed/{tender.pk}")
    except FileNotFoundError:
        return 0
    return sum(len(default_storage.listdir(f"tenders/sealed/{tender.pk}/{name}")[1]) for name in folders)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_fault_at_any_step_leaves_the_former_bid_and_nothing_else(monkeypatch, after):
    """D3: broken before or after each step, there is no half deposit: no row, no file, the former bid in force."""
    tender, (by, firm) = make_published(), make_supplier()
    former = make_bid(tender, by=by, bidder=firm)
    for step in STEPS:
        right = getattr(bids, step)

        def wrong(*args, _right=right, **kwargs):
            if after:
                _right(*args, **kwargs)
            raise Fault

        with monkeypatch.context() as broken, pytest.raises(Fault):
            broken.setattr(bids, step, wrong)
            make_bid(tender, by=by, bidder=firm)
        former.refresh_from_db()
        assert former.state == BidState.DEPOSITED, step
        assert Bid.objects.count() == 1, step
        assert files_kept(tender) == 1, step
    assert make_bid(tender, by=by, bidder=firm).state == BidState.DEPOSITED


@pytest.mark.django_db(transaction=True)
def test_a_deposit_that_straddles_the_deadline_is_judged_at_its_own_instant(monkeypatch):
    """D3: whatever step waits, and however long, late if and only if the instant kept is at the deadline or after."""
    tender, chance = make_published(), random.Random(3)  # noqa: S311  waits, nothing secret
    verdicts = set()
    for _round in range(16):
        due_at = now() + timedelta(seconds=0.25)
        set_deadline(tender, due_at)
        step, wait = chance.choice(STEPS), chance.uniform(0, 0.5)
        right = getattr(bids, step)

        def slow(*args, _right=right, _wait=wait, **kwargs):
            time.sleep(_wait)
            return _right(*args, **kwargs)

        with monkeypatch.context() as slowed:
            slowed.setattr(bids, step, slow)
            bid = make_bid(tender)
        assert (bid.state == BidState.LATE) == (bid.deposited_at >= due_at), (step, wait)
        assert bid.deposited_at <= database_now()
        verdicts.add(bid.state)
    assert verdicts == {BidState.LATE, BidState.DEPOSITED}, "the test saw both sides"


@pytest.mark.django_db(transaction=True)
def test_a_deposit_that_waits_for_a_later_deadline_is_judged_by_it(monkeypatch):
    """D3, S4: the deadline moves while the deposit waits for the consultation; the new one decides, not the old."""
    tender, (by, firm) = make_published(), make_supplier()
    set_deadline(tender, now() + timedelta(seconds=0.4))
    app.conf.task_always_eager = False

    def deposit():
        try:
            return make_bid(tender, by=by, bidder=firm)
        finally:
            connection.close()

    try:
        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                Tender.objects.select_for_update().get(pk=tender.pk)
                waiting = pool.submit(deposit)
                time.sleep(0.6)
                round = selectors.round_in_force(tender)
                rounds.deadline_move(round, now() + timedelta(days=3), None, now())
            bid = waiting.result()
    finally:
        app.conf.task_always_eager = True
    assert bid.state == BidState.DEPOSITED


@pytest.mark.django_db
@pytest.mark.parametrize("drift", [timedelta(hours=24), timedelta(hours=-24)])
def test_the_clock_of_the_application_changes_no_verdict(monkeypatch, drift):
    """D4: a web server a day ahead or behind judges nothing."""
    tender = make_published()
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + drift)
    in_time = make_bid(tender)
    set_deadline(tender, database_now() - timedelta(seconds=1))
    late = make_bid(tender)
    assert (in_time.state, late.state) == (BidState.DEPOSITED, BidState.LATE)
    assert abs(late.deposited_at - real()) < timedelta(seconds=10)


@pytest.mark.parametrize(
    "due_at",
    [
        datetime(2026, 3, 29, 3, 0, tzinfo=PARIS),
        datetime(2026, 10, 25, 2, 30, fold=0, tzinfo=PARIS),
        datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=PARIS),
        datetime(2028, 2, 29, 12, 0, tzinfo=PARIS),
        datetime(2026, 7, 1, 12, 0, tzinfo=ZoneInfo("Indian/Reunion")),
        datetime(2026, 7, 1, 12, 0, tzinfo=ZoneInfo("Pacific/Noumea")),
    ],
)
def test_the_deadline_is_an_instant_whatever_the_hour_is_called(due_at):
    """D5: the hour that happens twice, the one that does not exist, a leap day, overseas."""
    round = Round(due_at=due_at, state=RoundState.SEALED)
    instant = due_at.astimezone(UTC)
    assert round.is_receiving(instant - timedelta(microseconds=1))
    assert not round.is_receiving(instant)
    assert not round.is_receiving(instant + timedelta(microseconds=1))


def test_the_hour_that_happens_twice_is_two_instants():
    first, second = (datetime(2026, 10, 25, 2, 30, fold=fold, tzinfo=PARIS) for fold in (0, 1))
    assert Round(due_at=second, state=RoundState.SEALED).is_receiving(first.astimezone(UTC))


@pytest.mark.django_db(transaction=True)
def test_a_rush_at_the_deadline_loses_nothing_and_misjudges_nothing():
    """D1 at a small scale; benchmarks/deadline_storm.py takes the sizes as arguments."""
    tender, people = make_published(), [make_supplier() for _number in range(8)]
    waits = random.Random(1)  # noqa: S311  waits, nothing secret
    due_at = now() + timedelta(seconds=1)
    set_deadline(tender, due_at)
    app.conf.task_always_eager = False

    def deposit(sender):
        try:
            time.sleep(max(0.0, (due_at - now()).total_seconds() + waits.uniform(-0.4, 0.4)))
            return make_bid(tender, by=sender[0], bidder=sender[1])
        finally:
            connection.close()

    try:
        with ThreadPoolExecutor(len(people)) as pool:
            acknowledged = list(pool.map(deposit, people))
    finally:
        app.conf.task_always_eager = True
    assert Bid.objects.filter(pk__in=[bid.pk for bid in acknowledged]).count() == len(people)
    for bid in acknowledged:
        assert (bid.state == BidState.LATE) == (bid.deposited_at >= due_at)
        assert bid.parts.count() == 4
    in_time = sum(bid.state == BidState.DEPOSITED for bid in acknowledged)
    assert selectors.deposit_count(tender) == in_time
