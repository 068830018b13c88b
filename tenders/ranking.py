"""Scores and ranks of the offers of a lot, by the announced criteria and formula."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from tenders.models import Criterion, Lot, Offer
from tenders.models.analysis import MAX_POINTS
from tenders.selectors import offers_of

PRICE_FORMULA = "note = pondération × (total le plus bas ÷ total de l'offre)"
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Mark:
    """What an offer gets on a criterion, out of the criterion's weight; None while a mark is missing."""

    criterion: Criterion
    value: Decimal | None


@dataclass(frozen=True)
class Ranked:
    """An offer with its marks, its score out of 100 and its rank; both None while a mark is missing."""

    offer: Offer
    marks: tuple[Mark, ...]
    score: Decimal | None
    rank: int | None
    is_tied: bool = False


def price_mark(weight: Decimal, lowest: Decimal, total: Decimal) -> Decimal:
    """The announced price formula: the lowest total gets the whole weight, the others in proportion."""
    return _rounded(weight * lowest / total)


def quality_mark(weight: Decimal, points: Iterable[Decimal]) -> Decimal | None:
    """The mean of the evaluators' points (out of 5) as a part of the weight; None without points."""
    points = list(points)
    if not points:
        return None
    return _rounded(weight * sum(points, Decimal(0)) / len(points) / MAX_POINTS)


def ranking(lot: Lot) -> list[Ranked]:
    """The offers of a lot, best first. Ties go to the best mark on the heaviest criterion; else the rank
    is shared.

    Only submitted marks count. Offers that miss a mark come last, without rank.
    """
    criteria = list(lot.criteria.all())
    offers = list(offers_of(lot))
    lowest = min((offer.total_excl_tax for offer in offers), default=Decimal(0))
    marked = [(offer, _marks(offer, criteria, lowest)) for offer in offers]
    complete = [row for row in marked if all(mark.value is not None for mark in row[1])]
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


def _marks(offer: Offer, criteria: list[Criterion], lowest: Decimal) -> tuple[Mark, ...]:
    return tuple(Mark(criterion, _value(offer, criterion, lowest)) for criterion in criteria)


def _value(offer: Offer, criterion: Criterion, lowest: Decimal) -> Decimal | None:
    if criterion.is_scored_by_formula:
        return price_mark(criterion.weight, lowest, offer.total_excl_tax)
    submitted = [s for s in offer.scores.all() if s.criterion_id == criterion.pk and s.submitted_at]
    return quality_mark(criterion.weight, [score.points for score in submitted])


def _key(marks: tuple[Mark, ...]) -> tuple[Decimal, Decimal]:
    heaviest = max(marks, key=lambda mark: mark.criterion.weight)
    return sum((mark.value for mark in marks), Decimal(0)), heaviest.value


def _rank(keyed: list, key: tuple) -> int:
    return 1 + sum(1 for other, _offer, _marks in keyed if other > key)


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(HUNDREDTH, rounding=ROUND_HALF_UP)
