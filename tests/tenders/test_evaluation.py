"""Each alone first, then together with reasons; what leaves the ranking says why (G5 of trust.md)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import InternalError, transaction

from foundation.accounts.enums import Role
from foundation.clock import now
from foundation.errors import Refusal
from foundation.journal.models import Entry
from foundation.notifications.models import OutboxEmail
from tenders import abnormal, judging, rules, selectors, services
from tenders.models import ConsensusMark, OfferExclusion
from tenders.ranking import ranking
from tests.accounts.factories import make_member
from tests.owner import as_owner
from tests.tenders.factories import (
    make_bid,
    make_draft,
    make_published,
    make_supplier,
    open_bids,
    publish,
    score_all,
)
from tests.tenders.test_award import opened_with, price

pytestmark = pytest.mark.django_db


def judged_by_two(*amounts, first=None, second=None):
    """An opened consultation that two evaluators have marked, each alone."""
    tender, bidders = opened_with(*amounts)
    people = [make_member(tender.buyer, Role.EVALUATOR) for _number in range(2)]
    for person, points in zip(people, (first or {}, second or {}), strict=True):
        score_all(tender, by=person, points={bidders[place].pk: mark for place, mark in points.items()})
    return tender, bidders, people


def test_an_evaluator_reads_nothing_of_the_others_before_he_has_submitted(client):
    tender, bidders = opened_with("100", "200")
    one, two = (make_member(tender.buyer, Role.EVALUATOR) for _number in range(2))
    lot = tender.lots.get()
    score_all(tender, by=one, points={bidders[1].pk: 5})
    assert not rules.reads_ranking(two, lot)
    assert rules.scores_visible_to(two).count() == 0
    client.force_login(two)
    page = client.get(f"/consultations/{tender.pk}/analyse/{lot.pk}/").content.decode()
    assert "Notez d'abord, seul" in page
    assert "Classement du lot" not in page
    assert client.get(f"/consultations/{tender.pk}/analyse/{lot.pk}/comparaison/").status_code == 404
    score_all(tender, by=two)
    assert rules.reads_ranking(two, lot)
    assert rules.scores_visible_to(two).count() == 8


def test_a_difference_without_a_reason_is_refused_by_the_service_and_by_the_database():
    """G5: a mark that moves has its reason, or does not move."""
    tender, _bidders, [one, two] = judged_by_two("100", first={0: 2}, second={0: 4})
    lot = tender.lots.get()
    offer, quality = lot.offers.get(), lot.criteria.all()[1]
    session = services.consensus_open(lot=lot, by=one, at=now())
    settle = {"session": session, "offer": offer, "criterion": quality, "by": two}
    with pytest.raises(Refusal, match="s'écarte") as caught:
        services.consensus_settle(**settle, points="3", reason=" ", at=now())
    assert caught.value.reasons[0].field == "reason"
    row = {"session": session, "offer": offer, "criterion": quality, "points": 3, "settled_by": two}
    with pytest.raises(InternalError, match="has its reason"), transaction.atomic():
        ConsensusMark.objects.create(**row, reason="", settled_at=now())
    services.consensus_settle(**settle, points="3", reason="Le mémoire répond à la page 12.", at=now())
    with as_owner(), pytest.raises(InternalError), transaction.atomic():
        ConsensusMark.objects.update(points=5)
    with pytest.raises(Refusal, match="s'écarte"):
        services.consensus_settle(**settle, points="3.5", reason="", at=now())
    services.consensus_settle(**settle, points="3.5", reason="Relu : l'exemple est probant.", at=now())
    assert ConsensusMark.objects.count() == 2
    assert Entry.objects.filter(action="tenders.consensus_settle").count() == 2


def test_what_is_settled_counts_and_an_unsettled_difference_stops_the_award():
    tender, _bidders, [one, _two] = judged_by_two("100", "200", first={0: 2, 1: 3}, second={0: 4, 1: 3})
    lot, buyer = tender.lots.get(), tender.created_by
    best = ranking(lot)[0].offer
    with pytest.raises(Refusal, match="diffèrent encore"):
        services.lot_award(lot=lot, offers=[best], by=buyer, at=now())
    session = services.consensus_open(lot=lot, by=one, at=now())
    with pytest.raises(Refusal, match="Il reste des notes"):
        services.consensus_close(session=session, summary="Échanges.", by=one, at=now())
    for row in judging.left_to_settle(lot):
        services.consensus_settle(
            session=session,
            offer=row.offer,
            criterion=row.criterion,
            points=5,
            reason="Vu.",
            by=one,
            at=now(),
        )
    services.consensus_close(session=session, summary="Échanges.", by=one, at=now())
    assert ranking(lot)[0].score == Decimal("100.00")
    services.lot_award(lot=lot, offers=[ranking(lot)[0].offer], by=buyer, at=now())


def test_a_session_waits_for_every_evaluator_and_closes_individual_marks():
    tender, _bidders = opened_with("100")
    lot = tender.lots.get()
    one, two, late = (make_member(tender.buyer, Role.EVALUATOR) for _number in range(3))
    score_all(tender, by=one)
    with pytest.raises(Refusal, match="au moins deux"):
        services.consensus_open(lot=lot, by=one, at=now())
    offer, quality = lot.offers.get(), lot.criteria.all()[1]
    services.score_save(offer=offer, criterion=quality, points=2, comment="Moyen.", by=two, at=now())
    with pytest.raises(Refusal, match=str(two)):
        services.consensus_open(lot=lot, by=one, at=now())
    score_all(tender, by=two)
    with pytest.raises(Refusal) as caught:
        services.consensus_open(lot=lot, by=late, at=now())
    assert caught.value.code == "forbidden"
    services.consensus_open(lot=lot, by=one, at=now())
    with pytest.raises(Refusal, match="closes"):
        score_all(tender, by=late)


def test_an_excluded_offer_leaves_the_ranking_and_its_price_no_longer_counts():
    tender, [cheap, dear] = opened_with("100", "200", points=(3, 3))
    lot, buyer = tender.lots.get(), tender.created_by
    offer = lot.offers.get(bid__bidder=cheap)
    with pytest.raises(Refusal, match="L2152-6"):
        services.offer_exclude(offer=offer, ground="abnormally_low", reason="Bas.", by=buyer, at=now())
    services.offer_exclude(offer=offer, ground="irregular", reason="Prix manquant.", by=buyer, at=now())
    first, last = ranking(lot)
    assert (first.offer.bidder, first.rank, first.marks[0].value) == (dear, 1, Decimal("40.00"))
    assert (last.rank, last.exclusion.reason) == (None, "Prix manquant.")
    with as_owner(), pytest.raises(InternalError), transaction.atomic():
        OfferExclusion.objects.update(reason="")
    services.offer_restore(offer=offer, reason="La pièce était dans le pli.", by=buyer, at=now())
    assert ranking(lot)[0].offer == offer


def test_a_low_price_is_detected_heard_then_decided():
    """L2152-5 and L2152-6: never rejected unheard."""
    person, firm = make_supplier()
    tender = make_published()
    low = make_bid(tender, by=person, bidder=firm, prices=price("50"))
    for amount in ("100", "110"):
        make_bid(tender, prices=price(amount))
    tender = open_bids(tender)
    lot, buyer = tender.lots.get(), tender.created_by
    offer = low.offers.get()
    signals = abnormal.low_signals(lot, list(selectors.offers_of(lot)))
    assert set(signals) == {offer.pk, *(o.pk for o in lot.offers.all())} or offer.pk in signals
    mean = next(signal for signal in signals[offer.pk] if signal.method.code == "mean")
    assert (mean.reference_excl_tax, mean.gap) == (Decimal("1260.00"), Decimal("52.4"))
    due = now() + timedelta(days=5)
    review = services.low_offer_ask(offer=offer, question="Comment ?", due_at=due, by=buyer, at=now())
    assert review.signals[0]["method"] == "mean"
    decide = {"review": review, "is_justified": False, "by": buyer}
    with pytest.raises(Refusal, match="Attendez la réponse"):
        services.low_offer_decide(**decide, reason="Non.", at=now())
    with pytest.raises(Refusal, match="délai"):
        services.low_offer_answer(review=review, answer="Voici.", by=person, at=due)
    services.low_offer_answer(review=review, answer="Voici.", by=person, at=now())
    with pytest.raises(Refusal):
        services.low_offer_decide(**decide, reason=" ", at=now())
    services.low_offer_decide(**decide, reason="Sous le salaire minimal.", at=now())
    assert ranking(lot)[-1].exclusion.ground == "abnormally_low"
    assert OutboxEmail.objects.filter(kind__startswith="tenders.low_offer", recipient=person).count() == 2


def test_a_tie_is_decided_in_writing():
    tender, _bidders = opened_with("100", "100", "200", points=(3, 3, 3))
    lot, buyer = tender.lots.get(), tender.created_by
    one, two, third = (row.offer for row in ranking(lot))
    with pytest.raises(Refusal, match="égalité"):
        services.lot_award(lot=lot, offers=[one], by=buyer, at=now())
    with pytest.raises(Refusal):
        services.tie_break(lot=lot, order=[two, one], reason=" ", by=buyer, at=now())
    with pytest.raises(Refusal, match="même note"):
        services.tie_break(lot=lot, order=[third, one], reason="Motif.", by=buyer, at=now())
    services.tie_break(lot=lot, order=[two, one], reason="Meilleure note d'insertion.", by=buyer, at=now())
    rows = ranking(lot)
    assert [(row.offer, row.rank, row.is_tied) for row in rows[:2]] == [(two, 1, False), (one, 2, False)]
    services.lot_award(lot=lot, offers=[two], by=buyer, at=now())


def test_the_pages_of_the_evaluation(client):
    tender, _bidders, [one, _two] = judged_by_two("100", "100", first={0: 2}, second={0: 4})
    lot = tender.lots.get()
    base = f"/consultations/{tender.pk}"
    client.force_login(one)
    assert client.get(f"{base}/analyse/{lot.pk}/comparaison/").status_code == 200
    assert client.post(f"{base}/analyse/{lot.pk}/consensus/ouvrir/").status_code == 302
    for row in judging.left_to_settle(lot):
        address = f"{base}/analyse/{lot.pk}/consensus/{row.offer.pk}/{row.criterion.pk}/"
        refused = client.post(address, {"points": "3,5", "reason": ""})
        assert "s&#x27;écarte" in refused.content.decode()
        assert "3,5" in refused.content.decode()
        assert client.post(address, {"points": "3", "reason": "Relu ensemble."}).status_code == 302
    closed = client.post(f"{base}/analyse/{lot.pk}/consensus/", {"summary": "Tout a été relu."})
    assert closed.status_code == 302
    client.force_login(tender.created_by)
    tie = client.get(f"{base}/analyse/{lot.pk}/departage/")
    assert tie.status_code == 200
    offer = lot.offers.first()
    assert client.get(f"{base}/offres/{offer.pk}/prix-bas/").status_code == 200
    due = (now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    asked = client.post(f"{base}/offres/{offer.pk}/prix-bas/", {"question": "Comment ?", "due_at": due})
    assert asked.status_code == 302
    assert client.get(f"{base}/offres/{offer.pk}/ecarter/").status_code == 200


def test_the_life_cycle_cost_ranks_what_use_will_cost(at):
    """R2152-9: the price, plus what each declared quantity costs by the announced unit cost."""
    criteria = [
        {"label": "Coût du cycle de vie", "kind": "cost", "weight": Decimal(60)},
        {"label": "Sobriété", "kind": "quality", "weight": Decimal(40), "is_environmental": True},
    ]
    tender = make_draft(at=at)
    lot, buyer = tender.lots.get(), tender.created_by
    cost, _quality = services.criteria_set(lot=lot, criteria=criteria, by=buyer, at=at)
    energy = {"label": "Énergie", "unit": "kWh", "unit_cost_excl_tax": Decimal("0.25"), "multiplier": 4}
    services.criterion_notation_set(criterion=cost, cost_items=[energy], by=buyer, at=at)
    tender = publish(tender, at=at)
    cheap, sober = make_bid(tender, prices=price("100")), make_bid(tender, prices=price("150"))
    tender = open_bids(tender)
    score_all(tender)
    lot, item = tender.lots.get(), lot.criteria.get(kind="cost").cost_items.get()
    assert {row.rank for row in ranking(lot)} == {None}  # nothing is read in the offers yet
    for bid, quantity in ((cheap, 3000), (sober, 200)):
        services.costs_record(
            offer=bid.offers.select_related("bid__tender", "lot").get(),
            quantities={item: (Decimal(quantity), "Mémoire, page 3")},
            by=buyer,
            at=now(),
        )
    first, second = ranking(lot)
    assert (first.offer.bid, second.offer.bid) == (sober, cheap)  # 1 800 + 200 against 1 200 + 3 000
    assert second.marks[0].value == Decimal("28.57")  # 60 × 2 000 ÷ 4 200
