"""Marks, ranks, award: by the announced criteria, final once given, with reasons to all."""

from decimal import Decimal

import pytest
from django.db import InternalError, transaction
from django.urls import reverse

from foundation.accounts.enums import Role
from foundation.clock import now
from foundation.documents.models import Document
from foundation.errors import Refusal
from foundation.journal.models import Entry
from foundation.notifications.models import OutboxEmail
from tenders import events, rules, selectors, services
from tenders.enums import TenderState
from tenders.models import Award, Score
from tenders.ranking import quality_mark, ranking
from tests.accounts.factories import make_member
from tests.api.client import as_user
from tests.owner import as_owner
from tests.tenders.factories import (
    make_bid,
    make_draft,
    make_published,
    make_supplier,
    open_bids,
    publish,
    score_all,
    settle_candidatures,
)

pytestmark = pytest.mark.django_db


def price(amount: str) -> dict:
    """The same price on both lines: the total is 12 times it."""
    return {"UO-1": amount, "UO-2": amount}


def opened_with(*amounts, points=(), **fields):
    """An opened consultation with a bid per amount; `points` are the marks of each bidder, once scored."""
    tender = make_published(**fields)
    bids = [make_bid(tender, prices=price(amount)) for amount in amounts]
    tender = open_bids(tender)
    if points:
        score_all(tender, points={bid.bidder_id: mark for bid, mark in zip(bids, points, strict=True)})
    return tender, [bid.bidder for bid in bids]


def test_nothing_is_awarded_while_the_list_of_candidatures_is_open(client):
    """R2144-3: asked of the signatory or decided by him, on the page or by the API."""
    tender, [one] = opened_with("100")
    evaluator = make_member(tender.buyer, Role.EVALUATOR)
    lot, signatory = tender.lots.get(), make_member(tender.buyer, Role.SIGNATORY)
    offer = lot.offers.get()
    for criterion in (row for row in lot.scored_criteria() if not row.is_scored_by_formula):
        services.score_save(
            offer=offer, criterion=criterion, points=3, comment="Motif.", by=evaluator, at=now()
        )
    services.scores_submit(lot=lot, by=evaluator, at=now())
    services.lot_award(lot=lot, offers=[offer], by=tender.created_by, at=now())
    for ask, by in ((services.award_submit, tender.created_by), (services.tender_award, signatory)):
        with pytest.raises(Refusal, match=f"Examinez d'abord chaque candidature.*{one}") as caught:
            ask(tender=tender, by=by, at=now())
        assert "R2144-3" in caught.value.reasons[0].article
    client.force_login(signatory)
    assert "R2144-3" in client.get(reverse("tenders:decide", args=[tender.pk])).content.decode()
    answer = as_user(signatory, if_match="*").post(f"/api/v1/tenders/{tender.pk}/award/")
    assert (answer.status_code, "candidature" in answer.content.decode()) == (409, True)
    settle_candidatures(tender)
    assert services.tender_award(tender=tender, by=signatory, at=now()).state == TenderState.AWARDED


def test_the_quality_mark_is_the_mean_of_the_evaluators():
    assert quality_mark(Decimal(50), [Decimal(3), Decimal(4)]) == Decimal("35.00")
    assert quality_mark(Decimal(50), []) is None


def test_the_ranking_follows_weights_and_marks():
    tender, [cheap, good] = opened_with("100", "200", points=(1, 5))
    rows = ranking(tender.lots.get())
    assert [(row.offer.bidder, row.rank, row.score) for row in rows] == [
        (good, 1, Decimal("80.00")),  # 40 × 100 ÷ 200 + 60
        (cheap, 2, Decimal("52.00")),  # 40 + 60 × 1 ÷ 5
    ]


def test_equal_offers_share_their_rank():
    tender, _bidders = opened_with("100", "100", "200", points=(3, 3, 3))
    rows = ranking(tender.lots.get())
    assert [row.rank for row in rows] == [1, 1, 3]
    assert [row.is_tied for row in rows] == [True, True, False]


def test_an_offer_without_all_its_marks_has_no_rank():
    tender, _bidders = opened_with("100", "200")
    assert {row.rank for row in ranking(tender.lots.get())} == {None}


def test_marks_are_between_0_and_5_and_explained():
    tender, _bidders = opened_with("100")
    evaluator = make_member(tender.buyer, Role.EVALUATOR)
    offer = tender.lots.get().offers.get()
    formula, quality, _environment = tender.lots.get().criteria.all()
    for given in (
        {"criterion": quality, "points": "5.5", "comment": "Bien"},
        {"criterion": quality, "points": "-1", "comment": "Bien"},
        {"criterion": quality, "points": "4", "comment": " "},
        {"criterion": formula, "points": "4", "comment": "Bien"},
    ):
        with pytest.raises(Refusal):
            services.score_save(offer=offer, **given, by=evaluator, at=now())
    buyer = tender.created_by
    with pytest.raises(Refusal):
        services.score_save(offer=offer, criterion=quality, points="4", comment="Bien", by=buyer, at=now())


def test_an_evaluator_with_an_interest_does_not_score():
    tender, _bidders = opened_with("100")
    evaluator = make_member(tender.buyer, Role.EVALUATOR)
    services.interest_declare(
        tender=tender, has_interest=True, statement="Un proche.", by=evaluator, at=now()
    )
    with pytest.raises(Refusal, match="L2141-10"):
        score_all(tender, by=evaluator)


def test_marks_are_submitted_whole_and_then_final():
    tender, _bidders = opened_with("100", "200")
    evaluator = make_member(tender.buyer, Role.EVALUATOR)
    lot = tender.lots.get()
    offer, quality = lot.offers.first(), lot.criteria.all()[1]
    services.score_save(offer=offer, criterion=quality, points=2, comment="Moyen.", by=evaluator, at=now())
    services.score_save(
        offer=offer, criterion=quality, points=3, comment="Assez bien.", by=evaluator, at=now()
    )
    with pytest.raises(Refusal, match="manque des notes"):
        services.scores_submit(lot=lot, by=evaluator, at=now())
    score_all(tender, by=evaluator)
    with pytest.raises(Refusal, match="rendues"):
        services.score_save(
            offer=offer, criterion=quality, points=5, comment="Parfait.", by=evaluator, at=now()
        )
    for broken in (lambda: Score.objects.update(points=5), lambda: Score.objects.all().delete()):
        with as_owner(), pytest.raises(InternalError), transaction.atomic():
            broken()
    assert Entry.objects.filter(action="tenders.scores_submit").count() == 1


def test_marks_of_the_others_are_seen_once_submitted():
    tender, _bidders = opened_with("100")
    one, two = (make_member(tender.buyer, Role.EVALUATOR) for _number in range(2))
    offer, quality = tender.lots.get().offers.get(), tender.lots.get().criteria.all()[1]
    services.score_save(offer=offer, criterion=quality, points=2, comment="Moyen.", by=one, at=now())
    assert rules.scores_visible_to(one).count() == 1
    assert rules.scores_visible_to(two).count() == 0
    score_all(tender, by=one)
    assert rules.scores_visible_to(two).count() == 0
    score_all(tender, by=two)
    assert rules.scores_visible_to(two).count() == 4


def test_the_award_follows_the_ranking_and_the_announced_number():
    tender, _bidders = opened_with("100", "200", "300", points=(3, 3, 3))
    lot, buyer = tender.lots.get(), tender.created_by
    first, second, third = (row.offer for row in ranking(lot))
    for offers, words in (
        ([], "au moins une offre"),
        ([second], "suit le classement"),
        ([first, third], "suit le classement"),
        ([first, second, third], "au plus"),
    ):
        with pytest.raises(Refusal, match=words):
            services.lot_award(lot=lot, offers=offers, by=buyer, at=now())
    services.lot_award(lot=lot, offers=[first], by=buyer, at=now())
    services.lot_award(lot=lot, offers=[second, first], by=buyer, at=now())
    assert list(Award.objects.values_list("rank", flat=True)) == [1, 2]


def test_a_lot_is_not_awarded_before_all_is_scored():
    tender, _bidders = opened_with("100", "200")
    lot = tender.lots.get()
    with pytest.raises(Refusal, match="notées"):
        services.lot_award(lot=lot, offers=[lot.offers.first()], by=tender.created_by, at=now())


def test_the_signatory_decides_when_every_lot_is_settled(django_capture_on_commit_callbacks):
    heard = []
    events.listen(events.TenderAwarded, heard.append)
    by, bidder = make_supplier()
    tender = make_published(lots=2)
    make_bid(tender, by=by, bidder=bidder, prices={"UO-1": "1234.56", "UO-2": "99"}, lots=(1,))
    loser = make_bid(tender, prices=price("9000"), lots=(1,))
    tender = open_bids(tender)
    score_all(tender)
    one, two = tender.lots.all()
    signatory = make_member(tender.buyer, Role.SIGNATORY)
    services.lot_award(lot=one, offers=[ranking(one)[0].offer], by=tender.created_by, at=now())
    with pytest.raises(Refusal, match="Lot 2"):
        services.tender_award(tender=tender, by=signatory, at=now())
    services.lot_leave(lot=two, reason="Aucune offre reçue.", by=tender.created_by, at=now())
    with pytest.raises(Refusal) as caught:
        services.tender_award(tender=tender, by=tender.created_by, at=now())
    assert caught.value.code == "forbidden"
    with django_capture_on_commit_callbacks(execute=True):
        tender = services.tender_award(tender=tender, by=signatory, at=now())
    assert tender.state == TenderState.AWARDED
    award = Award.objects.get()
    assert (award.bidder, award.decided_by) == (bidder, signatory)
    assert selectors.award_prices(award) == {"UO-1": Decimal("1234.56"), "UO-2": Decimal("99.00")}
    assert [event.award_ids for event in heard] == [(award.pk,)]
    told = dict(OutboxEmail.objects.filter(kind__startswith="tenders.lot").values_list("kind", "recipient"))
    assert told["tenders.lot_awarded"] == by.pk
    assert told["tenders.lot_rejected"] == loser.deposited_by_id
    notice = Document.objects.get(kind="tenders.award_notice")
    assert notice.facts["lots"][0]["holders"][0]["name"] == bidder.name
    assert (tender.earliest_signature_date - tender.awarded_at.date()).days in (11, 12)
    with pytest.raises(InternalError), transaction.atomic():
        Award.objects.update(rank=3)
    events._listeners[events.TenderAwarded].remove(heard.append)


def test_the_ranking_costs_the_same_whatever_the_number_of_offers(django_assert_max_num_queries):
    tender, _bidders = opened_with(*(str(100 + rank) for rank in range(8)))
    with django_assert_max_num_queries(9):
        ranking(tender.lots.get())


def test_sub_criteria_share_the_weight_of_their_criterion(at):
    tree = [
        {"label": "Prix", "kind": "price", "weight": Decimal(40)},
        {
            "label": "Valeur technique",
            "kind": "quality",
            "weight": Decimal(60),
            "children": [
                {"label": "Équipe", "weight": Decimal(75)},
                {"label": "Sobriété", "weight": Decimal(25), "is_environmental": True},
            ],
        },
    ]
    tender = drafted_with(tree, at)
    lot = tender.lots.get()
    assert [(row.full_label, row.share) for row in lot.scored_criteria()] == [
        ("Prix", 40),
        ("Valeur technique : Équipe", 45),
        ("Valeur technique : Sobriété", 15),
    ]
    firm = make_bid(tender).bidder
    score_all(open_bids(tender), points={firm.pk: 4})
    row = ranking(lot)[0]
    assert [mark.value for mark in row.marks] == [Decimal(40), Decimal(36), Decimal(12)]
    assert row.score == 88


def drafted_with(criteria, at, **notation):
    """A published consultation of one lot with these criteria; `notation` is that of the last criterion."""
    tender = make_draft(at=at)
    lot, by = tender.lots.get(), tender.created_by
    rows = services.criteria_set(lot=lot, criteria=criteria, by=by, at=at)
    if notation:
        services.criterion_notation_set(criterion=rows[-1], **notation, by=by, at=at)
    return publish(tender, by=by, at=at)


def test_an_offer_under_the_announced_minimum_is_not_ranked(at):
    criteria = [
        {"label": "Prix", "kind": "price", "weight": Decimal(40)},
        {"label": "Sobriété", "kind": "quality", "weight": Decimal(60), "is_environmental": True},
    ]
    tender = drafted_with(criteria, at, minimum_points=Decimal("2.5"))
    low, good = make_bid(tender).bidder, make_bid(tender).bidder
    score_all(open_bids(tender), points={low.pk: 2, good.pk: 3})
    first, last = ranking(tender.lots.get())
    assert (first.offer.bidder, first.rank) == (good, 1)
    assert (last.offer.bidder, last.rank, last.is_eliminated) == (low, None, True)
    lot = tender.lots.get()
    with pytest.raises(Refusal, match="suit le classement"):
        services.lot_award(lot=lot, offers=[last.offer], by=tender.created_by, at=now())
    assert services.lot_award(lot=lot, offers=[first.offer], by=tender.created_by, at=now())


def test_a_parent_is_not_marked_itself(at):
    tree = [
        {"label": "Prix", "kind": "price", "weight": Decimal(50)},
        {
            "label": "Valeur",
            "kind": "quality",
            "weight": Decimal(50),
            "children": [{"label": "Sobriété", "weight": Decimal(100), "is_environmental": True}],
        },
    ]
    tender = drafted_with(tree, at)
    make_bid(tender)
    open_bids(tender)
    lot = tender.lots.get()
    with pytest.raises(Refusal, match="sous-critères"):
        services.score_save(
            offer=lot.offers.get(),
            criterion=lot.criteria.get(label="Valeur"),
            points=3,
            comment="…",
            by=make_member(tender.buyer, Role.EVALUATOR),
            at=now(),
        )


def test_a_firm_wins_no_more_lots_than_announced(at):
    tender = make_draft(at=at, lots=2, max_lots_awarded=1, lots_rule="Dans l'ordre des lots.")
    tender = publish(tender, at=at)
    best = make_bid(tender, lots=(1, 2)).bidder
    second = make_bid(tender, lots=(1, 2), prices={"UO-1": "2000", "UO-2": "4000"}).bidder
    score_all(open_bids(tender))
    by = tender.created_by
    lots = list(tender.lots.all())
    for lot, winner in zip(lots, (best, second), strict=True):
        ranks = ranking(lot)
        assert ranks[0].offer.bidder == best
        if winner is second:
            with pytest.raises(Refusal, match="maximum annoncé"):
                services.lot_award(lot=lot, offers=[ranks[0].offer], by=by, at=now())
        offer = next(row.offer for row in ranks if row.offer.bidder == winner)
        services.lot_award(lot=lot, offers=[offer], by=by, at=now())
    assert {award.bidder for award in Award.objects.filter(lot__tender=tender)} == {best, second}


def test_a_firm_answers_no_more_lots_than_announced(at):
    tender = make_draft(at=at, lots=2, max_lots_tendered=1)
    tender = publish(tender, at=at)
    with pytest.raises(Refusal, match="1 lot au plus"):
        make_bid(tender, lots=(1, 2))
    assert make_bid(tender, lots=(2,))
