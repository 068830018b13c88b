"""Reads of the evaluation: where the evaluators differ, which ties are left, what each offer says beside the others."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from foundation.nested import with_rows
from tenders.enums import CriterionKind, TenderState
from tenders.models import (
    Award,
    Bid,
    ConsensusMark,
    ConsensusSession,
    Criterion,
    Lot,
    LowOfferReview,
    Offer,
    Score,
)
from tenders.ranking import Ranked, exclusion_of, ranking
from tenders.selectors import offers_of


@dataclass(frozen=True)
class Difference:
    """A criterion of an offer that several evaluators marked, and the mark they settled together if they did."""

    offer: Offer
    criterion: Criterion
    scores: list[Score]
    settled: ConsensusMark | None

    @property
    def is_split(self) -> bool:
        """The individual marks are not all the same."""
        return len({score.points for score in self.scores}) > 1

    @property
    def is_to_settle(self) -> bool:
        """Something remains to be settled together."""
        return self.is_split and self.settled is None


def consensus_rows(lot: Lot, offers: Iterable[Offer] | None = None) -> list[Difference]:
    """Each criterion of each offer still judged with the marks submitted one by one, in order of arrival.

    `offers` are those of the lot, when the caller has read them already.
    """
    criteria = [row for row in lot.scored_criteria() if not row.is_scored_by_formula]
    read = offers_of(lot) if offers is None else sorted(offers, key=lambda offer: offer.bid.deposited_at)
    judged = [offer for offer in read if exclusion_of(offer) is None]
    return [_difference(offer, criterion) for offer in judged for criterion in criteria]


def with_evaluators(rows: list[Difference]) -> list[Difference]:
    """The same, each mark with who gave it: one query."""
    prefetch_related_objects([score for row in rows for score in row.scores], "evaluator")
    return rows


def _difference(offer: Offer, criterion: Criterion) -> Difference:
    given = [s for s in offer.scores.all() if s.criterion_id == criterion.pk and s.submitted_at]
    settled = [
        mark
        for mark in offer.consensus_marks.all()
        if mark.criterion_id == criterion.pk and mark.replaced_at is None
    ]
    return Difference(offer, criterion, given, settled[0] if settled else None)


def left_to_settle(lot: Lot, offers: Iterable[Offer] | None = None) -> list[Difference]:
    """Where the evaluators differ and have settled nothing yet."""
    return [row for row in consensus_rows(lot, offers) if row.is_to_settle]


def open_session(lot: Lot) -> ConsensusSession | None:
    """The consensus session under way on a lot, if any."""
    return lot.consensus_sessions.filter(closed_at__isnull=True).first()


def is_settled_together(lot: Lot) -> bool:
    """Whether the evaluators have met on the offers of the last round opened."""
    opened = lot.tender.rounds.filter(opened_at__isnull=False).order_by("-number").values("opened_at")[:1]
    return lot.consensus_sessions.filter(opened_at__gte=opened).exists()


def sessions_of(lot: Lot) -> QuerySet[ConsensusSession]:
    """The consensus sessions of a lot with who was there, and every mark that was settled, replaced ones included."""
    marks = ConsensusMark.objects.select_related("criterion__parent", "offer__bid__bidder", "settled_by")
    sessions = lot.consensus_sessions.select_related("opened_by")
    return sessions.prefetch_related("participants", Prefetch("marks", marks))


def tied_groups(ranks: list[Ranked]) -> list[list[Ranked]]:
    """The groups of offers that share a rank because nothing has decided between them."""
    groups = defaultdict(list)
    for row in ranks:
        if row.rank and row.is_tied:
            groups[row.rank].append(row)
    return list(groups.values())


def low_reviews(lot: Lot) -> dict[int, LowOfferReview]:
    """Offer → the examination of its price, for the offers of a lot that had one."""
    reviews = LowOfferReview.objects.filter(offer__lot=lot).select_related(
        "offer__bid__bidder", "asked_by", "answered_by", "decided_by"
    )
    return {review.offer_id: review for review in reviews}


@dataclass
class Column:
    """One offer as the comparison shows it."""

    row: Ranked
    files: list = field(default_factory=list)
    prices: dict[int, Decimal] = field(default_factory=dict)
    comments: dict[int, list[str]] = field(default_factory=dict)

    @property
    def offer(self) -> Offer:
        """The offer of the column."""
        return self.row.offer


def comparison(lot: Lot, wanted: set[int] | None = None) -> list[Column]:
    """The offers of a lot side by side, in the order of the ranking; all of them when `wanted` is empty."""
    rows = ranking(lot)
    return [_column(row) for row in rows if not wanted or row.offer.pk in wanted]


def words_on(offer: Offer, criterion: Criterion) -> list[str]:
    """What justifies the mark of a criterion: what was settled together first, then each one's words."""
    settled = [
        mark.reason
        for mark in offer.consensus_marks.all()
        if mark.criterion_id == criterion.pk and mark.replaced_at is None and mark.reason
    ]
    alone = [s.comment for s in offer.scores.all() if s.criterion_id == criterion.pk and s.submitted_at]
    return settled + alone


def _column(row: Ranked) -> Column:
    comments = {mark.criterion.pk: words_on(row.offer, mark.criterion) for mark in row.marks}
    prices = {price.line_id: price.unit_price_excl_tax for price in row.offer.prices.all()}
    return Column(row, prices=prices, comments=comments)


@dataclass(frozen=True)
class Outcome:
    """What a firm is told of one lot once it is awarded: its own row of the ranking, and the holders."""

    lot: Lot
    row: Ranked
    awards: list[Award]


def outcomes_of(bid: Bid) -> list[Outcome]:
    """The outcome of each lot of a bid, once the award is decided. A lot where a later offer replaced it, or whose
    candidature was rejected, has none. Two queries, one more for the costs of use.
    """
    if bid.tender.state != TenderState.AWARDED:
        return []
    lots = list(with_rows(Lot.objects.filter(offers__bid=bid), "criteria", "tie_breaks", "awards"))
    costs = [row for lot in lots for row in lot.criteria.all() if row.kind == CriterionKind.COST]
    prefetch_related_objects(costs, "cost_items")
    by_lot = defaultdict(list)
    for offer in offers_of(*lots):
        by_lot[offer.lot_id].append(offer)
    found = [_outcome(lot, by_lot[lot.pk], bid) for lot in lots]
    return sorted((one for one in found if one), key=lambda one: one.lot.number)


def _outcome(lot: Lot, offers: list[Offer], bid: Bid) -> Outcome | None:
    row = next((row for row in ranking(lot, offers) if row.offer.bid_id == bid.pk), None)
    if row is None:
        return None
    bidders = {offer.bid.bidder_id: offer.bid.bidder for offer in offers}
    awards = sorted((one for one in lot.awards.all() if one.decided_at), key=lambda one: one.rank)
    for award in awards:
        if award.bidder_id in bidders:
            award.bidder = bidders[award.bidder_id]
    return Outcome(lot, row, awards)
