"""Scores and ranks of the offers of a lot, by the announced criteria and formula."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from tenders import formulas
from tenders.models import Criterion, Lot, Offer
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
    """An offer with its marks, its score out of 100 and its rank; both None while a mark is missing."""

    offer: Offer
    marks: tuple[Mark, ...]
    score: Decimal | None
    rank: int | None
    is_tied: bool = False

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


def ranking(lot: Lot) -> list[Ranked]:
    """The offers of a lot, best first. Ties go to the best mark on the heaviest criterion; else the rank
    is shared.

    Only submitted marks count. Offers that miss a mark, or are under an announced minimum, come last, without
    rank.
    """
    criteria = lot.scored_criteria()
    offers = list(offers_of(lot))
    totals = [offer.total_excl_tax for offer in offers]
    marked = [(offer, _marks(offer, criteria, totals)) for offer in offers]
    complete = [
        row for row in marked if all(mark.value is not None and not mark.is_eliminating for mark in row[1])
    ]
    keyed = sorted(
        ((_key(marks), offer, marks) for offer, marks in complete), key=lambda row: row[0], reverse=True
    )
    ranked = [
        Ranked(offer, marks, key[0], _rank(keyed, key), [k for k, _o, _m in keyed].count(key) > 1)
        for key, offer, marks in keyed
    ]
    return ranked + [
        Ranked(offer, marks, None, None) for offer, marks in marked if (offer, marks) not in complete
    ]


def _marks(offer: Offer, criteria: list[Criterion], totals: list[Decimal]) -> tuple[Mark, ...]:
    return tuple(_mark(offer, criterion, totals) for criterion in criteria)


def _mark(offer: Offer, criterion: Criterion, totals: list[Decimal]) -> Mark:
    if criterion.is_scored_by_formula:
        value = formulas.mark(
            criterion.formula,
            weight=criterion.share,
            price=offer.total_excl_tax,
            prices=totals,
            parameter=criterion.formula_parameter,
        )
        return Mark(criterion, value)
    submitted = [s.points for s in offer.scores.all() if s.criterion_id == criterion.pk and s.submitted_at]
    minimum = criterion.minimum_points
    is_eliminating = bool(submitted and minimum) and sum(submitted, Decimal(0)) / len(submitted) < minimum
    return Mark(criterion, quality_mark(criterion.share, submitted), is_eliminating)


def price_formulas(lot: Lot) -> str:
    """The formulas announced for the price or the cost of a lot, in words."""
    told = {
        str(formulas.FORMULAS[row.formula].expression)
        for row in lot.criteria.all()
        if row.is_scored_by_formula
    }
    return " ; ".join(sorted(told))


def _key(marks: tuple[Mark, ...]) -> tuple[Decimal, Decimal]:
    heaviest = max(marks, key=lambda mark: mark.criterion.share)
    return sum((mark.value for mark in marks), Decimal(0)), heaviest.value


def _rank(keyed: list, key: tuple) -> int:
    return 1 + sum(1 for other, _offer, _marks in keyed if other > key)


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(HUNDREDTH, rounding=ROUND_HALF_UP)
