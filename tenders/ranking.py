"""Scores and ranks of the offers of a lot, by the announced criteria and formula."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from tenders import formulas
from tenders.enums import CriterionKind
from tenders.models import Criterion, Lot, Offer, OfferExclusion
from tenders.models.criteria import MAX_POINTS
from tenders.selectors import offers_of

HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Mark:
    """What an offer gets on a criterion or sub-criterion, out of its share of the lot's 100 points; None
    while a mark is missing. `is_eliminating`: under the announced minimum.
    """

    criterion: Criterion
    value: Decimal | None
    is_eliminating: bool = False


@dataclass(frozen=True)
class Ranked:
    """An offer with its marks, its score out of 100 and its rank; both None while a mark is missing.

    An offer that was excluded has no rank; `exclusion` says why. `is_tied` while nobody has decided the tie.
    """

    offer: Offer
    marks: tuple[Mark, ...]
    score: Decimal | None
    rank: int | None
    is_tied: bool = False
    exclusion: OfferExclusion | None = None

    @property
    def is_eliminated(self) -> bool:
        """Whether a mark is under the minimum announced for its criterion: the offer has no rank."""
        return any(mark.is_eliminating for mark in self.marks)


def quality_mark(weight: Decimal, points: Iterable[Decimal]) -> Decimal | None:
    """The mean of the evaluators' points (out of 5) as a part of the weight; None without points."""
    points = list(points)
    if not points:
        return None
    return _rounded(weight * sum(points, Decimal(0)) / len(points) / MAX_POINTS)


def ranking(lot: Lot, offers: Iterable[Offer] | None = None) -> list[Ranked]:
    """The offers of a lot, best first. Ties go to the best mark on the heaviest criterion, then to the order
    that was decided with its reason (`TieBreak`); else the rank is shared.

    Only submitted marks count; the mark settled in consensus replaces them. Offers that miss a mark, or are under
    an announced minimum, come after; those that were excluded last; all without rank. Prices are compared among
    the offers that were not excluded. `offers` are those in force (`offers_of`), when the caller has read them already.
    """
    criteria = lot.scored_criteria()
    offers = list(offers_of(lot) if offers is None else offers)
    out = {offer: exclusion_of(offer) for offer in offers}
    kept = [offer for offer in offers if not out[offer]]
    compared = {row.pk: _compared(row, kept) for row in criteria if row.is_scored_by_formula}
    marked = [(offer, _marks(offer, criteria, compared)) for offer in kept]
    rows = _ordered(marked, _decided_order(lot))
    rows += [Ranked(offer, marks, None, None) for offer, marks in marked if not _is_rankable(marks)]
    return rows + [Ranked(offer, (), None, None, exclusion=out[offer]) for offer in offers if out[offer]]


def exclusion_of(offer: Offer) -> OfferExclusion | None:
    """What keeps this offer out of the ranking now, None when nothing does."""
    return next((found for found in offer.exclusions.all() if found.lifted_at is None), None)


def _ordered(marked: list, decided: dict[int, int]) -> list[Ranked]:
    keyed = [(_key(marks, offer, decided), offer, marks) for offer, marks in marked if _is_rankable(marks)]
    keyed.sort(key=lambda row: row[0], reverse=True)
    keys = [key for key, _offer, _marks_ in keyed]
    return [
        Ranked(offer, marks, key[0], 1 + sum(1 for other in keys if other > key), keys.count(key) > 1)
        for key, offer, marks in keyed
    ]


def _decided_order(lot: Lot) -> dict[int, int]:
    """Offer → its place, the higher the better, in the tie that was decided."""
    decided = next((found for found in lot.tie_breaks.all() if found.replaced_at is None), None)
    return {pk: -place for place, pk in enumerate(decided.order)} if decided else {}


def _is_rankable(marks: tuple[Mark, ...]) -> bool:
    return all(mark.value is not None and not mark.is_eliminating for mark in marks)


def _compared(criterion: Criterion, offers: list[Offer]) -> list[Decimal]:
    """The amounts that a price or cost criterion compares."""
    amounts = (amount_of(offer, criterion) for offer in offers)
    return [amount for amount in amounts if amount is not None]


def amount_of(offer: Offer, criterion: Criterion) -> Decimal | None:
    """What an offer costs by this criterion: its total, or its life-cycle cost; None while a declared quantity
    has not been read in it.
    """
    if criterion.kind != CriterionKind.COST:
        return offer.total_excl_tax
    declared = {row.item_id: row for row in offer.declared_costs.all() if row.replaced_at is None}
    items = list(criterion.cost_items.all())
    if any(item.pk not in declared for item in items):
        return None
    used = [(declared[item.pk].quantity, item.unit_cost_excl_tax, item.multiplier) for item in items]
    return formulas.life_cycle_cost(offer.total_excl_tax, used)


def _marks(offer: Offer, criteria: list[Criterion], compared: dict[int, list[Decimal]]) -> tuple[Mark, ...]:
    return tuple(_mark(offer, criterion, compared) for criterion in criteria)


def _mark(offer: Offer, criterion: Criterion, compared: dict[int, list[Decimal]]) -> Mark:
    if criterion.is_scored_by_formula:
        amount = amount_of(offer, criterion)
        if amount is None:
            return Mark(criterion, None)
        value = formulas.mark(
            criterion.formula,
            weight=criterion.share,
            price=amount,
            prices=compared[criterion.pk],
            parameter=criterion.formula_parameter,
        )
        return Mark(criterion, value)
    points = points_given(offer, criterion)
    minimum = criterion.minimum_points
    is_eliminating = bool(points and minimum) and sum(points, Decimal(0)) / len(points) < minimum
    return Mark(criterion, quality_mark(criterion.share, points), is_eliminating)


def points_given(offer: Offer, criterion: Criterion) -> list[Decimal]:
    """The points that count on a criterion: the one settled together, else each evaluator's once submitted."""
    for mark in offer.consensus_marks.all():
        if mark.criterion_id == criterion.pk and mark.replaced_at is None:
            return [mark.points]
    return [s.points for s in offer.scores.all() if s.criterion_id == criterion.pk and s.submitted_at]


def price_formulas(lot: Lot) -> str:
    """The formulas announced for the price or the cost of a lot, in words."""
    told = {
        str(formulas.FORMULAS[row.formula].expression)
        for row in lot.criteria.all()
        if row.is_scored_by_formula
    }
    return " ; ".join(sorted(told))


def _key(marks: tuple[Mark, ...], offer: Offer, decided: dict[int, int]) -> tuple:
    heaviest = max(marks, key=lambda mark: mark.criterion.share)
    score = sum((mark.value for mark in marks), Decimal(0))
    return score, heaviest.value, decided.get(offer.pk, -len(decided))


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(HUNDREDTH, rounding=ROUND_HALF_UP)
