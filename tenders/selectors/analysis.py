"""Reads of the analysis: opened offers, marks, awards."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from foundation.accounts.enums import Role
from foundation.accounts.selectors import organisation_ids
from foundation.nested import with_rows
from tenders import rules
from tenders.enums import BidState, CandidatureState, CriterionKind, MeetingState, TenderState
from tenders.models import (
    Award,
    Bid,
    Candidature,
    Lot,
    NegotiationMeeting,
    Offer,
    OfferExclusion,
    OfferPrice,
    Score,
    Tender,
)


def tenders_to_score(user) -> QuerySet[Tender]:
    """Consultations whose offers this evaluator has not all marked and submitted, the oldest opening
    first.
    """
    houses = organisation_ids(user, Role.EVALUATOR)
    given = Score.objects.filter(evaluator=user, offer=OuterRef("pk"), submitted_at__isnull=False)
    to_mark = Offer.objects.filter(
        ~Exists(given),
        ~Exists(OfferExclusion.objects.filter(offer=OuterRef("pk"), lifted_at__isnull=True)),
        bid__tender=OuterRef("pk"),
        lot__criteria__kind=CriterionKind.QUALITY,
    )
    opened = Tender.objects.filter(Exists(to_mark), state=TenderState.OPENED, buyer_id__in=houses)
    return opened.select_related("buyer").defer("search_vector").order_by("opened_at", "pk")


def offers_in_force() -> QuerySet[Offer]:
    """The last opened offer of each bidder on each lot: a later round replaces the former ones. The offer of a
    rejected candidature is not compared.
    """
    later = Offer.objects.filter(
        lot=OuterRef("lot"),
        bid__bidder=OuterRef("bid__bidder"),
        bid__state=BidState.OPENED,
        bid__round__number__gt=OuterRef("bid__round__number"),
    )
    rejected = Candidature.objects.filter(
        bid__tender=OuterRef("bid__tender"),
        bid__bidder=OuterRef("bid__bidder"),
        state=CandidatureState.EXCLUDED,
    )
    return Offer.objects.filter(~Exists(later), ~Exists(rejected), bid__state=BidState.OPENED)


def offers_of(*lots: Lot) -> QuerySet[Offer]:
    """The offers in force of these lots with their bidder, prices, scores, what was settled together and what
    excludes them: one query.
    """
    offers = offers_in_force().filter(lot__in=lots).select_related("bid__bidder", "bid__tender")
    rows = ("prices", "scores", "consensus_marks", "exclusions", "declared_costs")
    return with_rows(offers, *rows).order_by("bid__deposited_at")


def own_offers(bid: Bid) -> list[Offer]:
    """The offers of a bid, once it is opened, with the examination of their prices, the reasons asked, their awards and
    the `meetings` where they are negotiated: one query.
    """
    meetings = NegotiationMeeting.objects.filter(offer=OuterRef("pk")).exclude(state=MeetingState.PREPARED)
    offers = Offer.objects.filter(bid=bid).select_related("lot", "low_review", "reason_request")
    found = list(with_rows(offers, "awards", meetings=meetings).order_by("lot__number"))
    for offer in found:
        offer.bid = bid
    return found


def award_prices(award: Award) -> dict[str, Decimal]:
    """The unit prices of the awarded offer: line code → euros excluding tax."""
    rows = OfferPrice.objects.filter(offer_id=award.offer_id).values_list("line__code", "unit_price_excl_tax")
    return dict(rows)


def decided_awards(tender: Tender) -> QuerySet[Award]:
    """The final awards of a consultation, by lot and rank."""
    awards = Award.objects.filter(lot__tender=tender, decided_at__isnull=False)
    return awards.select_related("bidder", "lot", "offer").order_by("lot__number", "rank")


def public_awards(tender: Tender) -> dict[int, list[Award]]:
    """Lot id → its decided awards: what the award notice says."""
    by_lot = defaultdict(list)
    for award in decided_awards(tender):
        by_lot[award.lot_id].append(award)
    return dict(by_lot)


@dataclass(frozen=True)
class LotResult:
    """A lot of an awarded consultation as the public reads it."""

    lot: Lot
    holders: list[str]
    offer_count: int


def published_results(tender: Tender) -> list[LotResult]:
    """The results, lot by lot; empty before the award is decided. One query."""
    if not tender.awarded_at:
        return []
    decided = Award.objects.filter(lot=OuterRef("pk"), decided_at__isnull=False).order_by("rank")
    lots = tender.lots.annotate(
        offer_count=Count("offers__bid__bidder", distinct=True),
        holders=ArraySubquery(decided.values("bidder__name")),
    )
    return [LotResult(lot, lot.holders, lot.offer_count) for lot in lots]


@dataclass(frozen=True)
class LotProgress:
    """How far the analysis of a lot is, and whether this reader still has marks to give."""

    lot: Lot
    offer_count: int
    evaluator_count: int
    is_mine_done: bool
    holders: list[str]


def analysis_progress(tender: Tender, user) -> list[LotProgress]:
    """Each lot with its offers, the evaluators who submitted their marks, the proposed holders."""
    given = Count(
        "offers__scores__evaluator", filter=Q(offers__scores__submitted_at__isnull=False), distinct=True
    )
    lots = tender.lots.annotate(
        offer_count=Count("offers__bid__bidder", distinct=True), evaluator_count=given
    )
    lots = lots.prefetch_related("awards__bidder")
    submitted = Score.objects.filter(evaluator=user, submitted_at__isnull=False, offer__bid__tender=tender)
    mine = set(submitted.values_list("offer__lot_id", flat=True))
    return [
        LotProgress(
            lot,
            lot.offer_count,
            lot.evaluator_count,
            lot.pk in mine,
            [award.bidder.name for award in lot.awards.all()],
        )
        for lot in lots
    ]


def visible_scores(user, lot: Lot) -> QuerySet[Score]:
    """Marks on a lot that this reader may see, with their words."""
    scores = rules.scores_visible_to(user).filter(offer__lot=lot)
    return scores.select_related("criterion", "evaluator", "offer__bid__bidder").order_by(
        "criterion__position", "offer_id", "evaluator__full_name"
    )


def own_scores(user, offer: Offer) -> list[Score]:
    """What this evaluator gave to an offer so far."""
    return list(Score.objects.filter(offer=offer, evaluator=user).select_related("criterion"))


def pieces_of(tender: Tender) -> list[Tender | Bid | Offer]:
    """What the documents of the procedure are about: the consultation, its bids, the offers that the letters answer."""
    return [tender, *tender.bids.all(), *Offer.objects.filter(bid__tender=tender)]
