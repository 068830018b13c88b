"""Rounds: each has its deadline, its key, its bids and its opening; the next follows the opening of the former."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import InternalError, transaction

from foundation.clock import now
from foundation.documents.models import Document
from foundation.errors import Refusal
from foundation.notifications.models import OutboxEmail
from tenders import selectors, services
from tenders.enums import BidState, Phase, Procedure, RoundKind, RoundState, Technique, TenderState
from tenders.models import Bid, OpenedFacts, Round
from tenders.services.rounds import deadline_move
from tests.tenders.factories import (
    PASSPHRASE,
    custodians_of,
    make_bid,
    make_published,
    make_supplier,
    open_bids,
    pass_deadline,
)

pytestmark = pytest.mark.django_db


def next_round(tender, *invited, **given):
    """A round of final offers for these firms."""
    given = {"kind": RoundKind.FINAL_OFFER, "due_at": now() + timedelta(days=5), **given}
    return services.round_open_next(
        tender=tender, invited=list(invited), by=tender.created_by, at=now(), **given
    )


@pytest.fixture
def opened():
    """An opened consultation with two bidders: (tender, (by, firm), (by, firm))."""
    notice = {"procedure": Procedure.ADAPTED, "technique": Technique.CONTRACT}
    values = {"estimated_value_excl_tax": Decimal(100_000), "maximum_value_excl_tax": None}
    tender, one, two = make_published(**notice, **values), make_supplier(), make_supplier()
    for by, firm in (one, two):
        make_bid(tender, by=by, bidder=firm)
    return open_bids(tender), one, two


def test_a_publication_opens_the_first_round():
    tender = make_published()
    [round] = tender.rounds.all()
    assert (round.number, round.kind, round.due_at) == (1, RoundKind.OFFER, tender.submission_due_at)
    assert not round.is_restricted


def test_the_next_round_has_a_custody_of_its_own_and_is_opened_apart(opened):
    tender, (by, firm), (other_by, other) = opened
    round = next_round(tender, firm)
    tender.refresh_from_db()
    first = tender.rounds.get(number=1)
    assert round.custody.seats.count() == first.custody.seats.count() == 3
    assert (tender.state, tender.submission_due_at) == (TenderState.OPENED, round.due_at)
    assert tender.phase(now()) == Phase.INVITED
    assert tender in type(tender).objects.in_phase(Phase.INVITED, now())

    bid = make_bid(tender, by=by, bidder=firm, prices={"UO-1": "900", "UO-2": "1900"})
    assert bid.round == round
    assert Bid.objects.filter(bidder=firm, round=first).get().state == BidState.OPENED, "the first one stays"
    with pytest.raises(Refusal, match="invités"):
        make_bid(tender, by=other_by, bidder=other)
    assert not selectors.opened_bids(round)

    tender = open_bids(tender)
    bid.refresh_from_db()
    round.refresh_from_db()
    assert (bid.state, round.state) == (BidState.OPENED, RoundState.OPENED)
    totals = [offer.total_excl_tax for offer in selectors.offers_of(tender.lots.get())]
    assert sorted(totals) == [2 * 900 + 10 * 1900, 2 * 1000 + 10 * 2000], "the final offer replaces the first"
    records = Document.objects.filter(kind="tenders.opening_record").order_by("created_at")
    assert [len(record.facts["bids"]) for record in records] == [2, 1]


def test_nothing_of_a_later_round_opens_before_its_own_deadline(opened):
    tender, (by, firm), _other = opened
    next_round(tender, firm)
    tender.refresh_from_db()
    bid = make_bid(tender, by=by, bidder=firm)
    one = custodians_of(tender)[0]
    with pytest.raises(Refusal) as caught:
        services.opening_contribute(tender=tender, passphrase=PASSPHRASE, by=one)
    assert caught.value.code == "too_early"
    assert bid not in Bid.objects.filter(pk__in=selectors.opened_bids(bid.round))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"due_at": now() - timedelta(hours=1)}, "passée"),
        ({"kind": RoundKind.CANDIDATURE}, "offres"),
    ],
)
def test_a_next_round_that_cannot_be_is_refused(opened, given, words):
    tender, (_by, firm), _other = opened
    with pytest.raises(Refusal, match=words):
        next_round(tender, firm, **given)
    with pytest.raises(Refusal, match="au moins un"):
        next_round(tender)
    with pytest.raises(Refusal, match="pas :"):
        next_round(tender, make_supplier()[1])


def test_a_procedure_without_negotiation_has_no_final_offers():
    tender, (by, firm) = make_published(), make_supplier()
    make_bid(tender, by=by, bidder=firm)
    with pytest.raises(Refusal, match="ne prévoit pas ce tour"):
        next_round(open_bids(tender), firm)


def test_a_round_waits_for_the_opening_of_the_former(opened):
    tender, (_by, firm), _other = opened
    next_round(tender, firm)
    with pytest.raises(Refusal, match="Ouvrez d'abord"):
        next_round(tender, firm)
    with pytest.raises(InternalError, match="follows the opening"), transaction.atomic():
        Round.objects.create(
            tender=tender, number=3, kind="offer", due_at=now(), is_restricted=True, created_at=now()
        )


def test_the_invited_are_told_at_the_same_instant(opened):
    tender, (_by, firm), (_other_by, other) = opened
    next_round(tender, firm, other)
    assert OutboxEmail.objects.filter(kind="tenders.invited").count() == 2


def test_the_deadline_of_a_round_only_moves_later_and_with_what_is_announced():
    """S4, the part of the database."""
    tender = make_published()
    round = tender.rounds.get()
    deadline_move(round, later := round.due_at + timedelta(days=3), None, now())
    tender.refresh_from_db()
    assert tender.submission_due_at == later
    with pytest.raises(InternalError, match="later"), transaction.atomic():
        deadline_move(round, later - timedelta(seconds=1), None, now())


@pytest.mark.django_db(transaction=True)
def test_a_consultation_never_announces_another_deadline_than_its_round():
    tender = make_published()
    with pytest.raises(InternalError, match="round in force"):
        type(tender).objects.filter(pk=tender.pk).update(
            submission_due_at=tender.submission_due_at + timedelta(days=1)
        )


def test_a_bid_answers_a_round_of_its_own_consultation():
    tender, other = make_published(), make_published()
    by, firm = make_supplier()
    with pytest.raises(InternalError, match="own consultation"), transaction.atomic():
        Bid.objects.create(
            tender=tender,
            round=other.rounds.get(),
            bidder=firm,
            deposited_by=by,
            deposited_at=now(),
            manifest_sha256="0" * 64,
        )


def test_a_candidature_and_answers_are_sealed_like_prices_and_told_at_the_opening():
    tender = make_published()
    by, firm = make_supplier()
    envelope = services.envelope_for(tender=tender, bidder=firm, by=by)
    draft = services.CandidatureDraft(is_declared=True, declared_quality="Gérante 314159")
    written = {"answers": [{"question": 1, "words": "deux mille usagers", "evidence": ""}]}
    envelope.seal_answers(tender.lots.get(), written)
    prices = {1: {"UO-1": "1", "UO-2": "1"}}
    bid = services.bid_deposit(envelope=envelope, prices=prices, candidature=draft, by=by)
    sealed = b"".join(bytes(part.sealed_data) for part in bid.parts.all())
    assert b"314159" not in sealed and b"usagers" not in sealed
    assert not OpenedFacts.objects.exists()
    open_bids(tender)
    told = {facts.part.kind: facts.facts for facts in OpenedFacts.objects.select_related("part")}
    assert told["candidature"]["declared_quality"] == "Gérante 314159"
    assert told["answers"] == written


def test_what_arrives_after_the_opening_is_still_kept_closed(opened):
    """L23: received and kept, even late."""
    tender, (by, firm), _other = opened
    assert make_bid(tender, by=by, bidder=firm).state == BidState.LATE


def test_the_bids_of_a_consultation_given_up_stay_sealed():
    tender = pass_deadline(make_published())
    services.tender_cancel(tender=tender, reason="Le besoin a changé.", by=tender.created_by, at=now())
    one = custodians_of(tender)[0]
    services.interest_declare(tender=tender, has_interest=False, by=one, at=now())
    with pytest.raises(Refusal, match="close"):
        services.opening_contribute(tender=tender, passphrase=PASSPHRASE, by=one)
