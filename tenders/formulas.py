"""From a price to a mark: the formulas that a consultation may announce, as pure functions.

All give the whole weight to the lowest offer (a formula that does not is irregular: CE 29/10/2013,
OPH du Val-d'Oise, n° 370789, à confirmer) and never less than zero. They differ by how fast a dearer offer
loses points: `behaviour` tells it in words, `preview` in numbers.

When the lowest amount is zero, the announced formulas are read at their limit: it has the whole weight, and a dearer
offer none (a ratio to zero is zero, a gap counted in multiples of zero is endless); only the formula of the range
still tells dearer offers apart. An offer that the buyer rejects after asking is no longer compared.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext_lazy as _

from tenders.enums import PriceFormula

HUNDREDTH = Decimal("0.01")
ZERO = Decimal(0)
ONE = Decimal(1)
PREVIEW_RATIOS = tuple(Decimal(percent) / 100 for percent in (100, 105, 110, 120, 130, 150, 175, 200))
"""Prices of the preview, as multiples of the lowest one; the last is the highest."""


@dataclass(frozen=True)
class Formula:
    """A formula: how it is written in the rules of the consultation, how it behaves, what it computes.

    `compute(price, lowest, highest, parameter)` is the part of the weight, 0 to 1.
    """

    code: PriceFormula
    expression: str
    behaviour: str
    compute: Callable[[Decimal, Decimal, Decimal, Decimal], Decimal]
    default_parameter: Decimal | None = None

    @property
    def label(self) -> str:
        """Its name."""
        return self.code.label

    @property
    def takes_parameter(self) -> bool:
        """Whether the buyer chooses its slope."""
        return self.default_parameter is not None


def _ratio(price: Decimal, lowest: Decimal) -> Decimal:
    """How low a price is beside the lowest one: 1 for it, towards 0 for the dearest."""
    return ONE if price == lowest else lowest / price


def _slope(price: Decimal, lowest: Decimal, highest: Decimal, parameter: Decimal) -> Decimal:
    if price == lowest:
        return ONE
    return ONE - parameter * (price - lowest) / lowest if lowest else ZERO


def _range(price: Decimal, lowest: Decimal, highest: Decimal, parameter: Decimal) -> Decimal:
    return ONE if highest == lowest else (highest - price) / (highest - lowest)


FORMULAS: dict[PriceFormula, Formula] = {
    formula.code: formula
    for formula in (
        Formula(
            PriceFormula.PROPORTIONAL,
            _("note = poids × (montant le plus bas ÷ montant de l'offre)"),
            _(
                "La plus courante. Deux fois plus cher : la moitié des points. Les écarts entre offres "
                "chères sont amoindris."
            ),
            lambda price, lowest, highest, parameter: _ratio(price, lowest),
        ),
        Formula(
            PriceFormula.SQUARED,
            _("note = poids × (montant le plus bas ÷ montant de l'offre)²"),
            _("Donne plus d'effet au prix : deux fois plus cher, un quart des points."),
            lambda price, lowest, highest, parameter: _ratio(price, lowest) ** 2,
        ),
        Formula(
            PriceFormula.ROOT,
            _("note = poids × √(montant le plus bas ÷ montant de l'offre)"),
            _("Donne plus d'effet à la qualité : deux fois plus cher garde 71 % des points."),
            lambda price, lowest, highest, parameter: _ratio(price, lowest).sqrt(),
        ),
        Formula(
            PriceFormula.SLOPE,
            _("note = poids × (1 − pente × (montant − montant le plus bas) ÷ montant le plus bas)"),
            _(
                "Chaque pour-cent de plus coûte le même nombre de points. Avec une pente de 1, zéro à deux fois "
                "le prix le plus bas ; avec 2, dès une fois et demie. Jamais de note négative."
            ),
            _slope,
            default_parameter=ONE,
        ),
        Formula(
            PriceFormula.RANGE,
            _(
                "note = poids × (montant le plus haut − montant) ÷ (montant le plus haut − montant le plus bas)"
            ),
            _(
                "L'offre la plus chère a toujours zéro : avec deux offres proches, un euro d'écart décide de "
                "tout. À réserver aux consultations où beaucoup d'offres sont attendues."
            ),
            _range,
        ),
    )
}


def mark(
    formula: str,
    *,
    weight: Decimal,
    price: Decimal,
    prices: Iterable[Decimal],
    parameter: Decimal | None = None,
) -> Decimal:
    """The mark of a price among `prices` (those of every offer compared, its own included), out of `weight`.

    To the hundredth, half up; between 0 and `weight`.
    """
    found = FORMULAS[PriceFormula(formula)]
    compared = list(prices)
    slope = parameter if parameter is not None else found.default_parameter
    part = found.compute(price, min(compared), max(compared), slope or ONE)
    return (weight * min(max(part, ZERO), ONE)).quantize(HUNDREDTH, rounding=ROUND_HALF_UP)


def life_cycle_cost(total: Decimal, declared: Iterable[tuple[Decimal, Decimal, Decimal]]) -> Decimal:
    """The cost over the life cycle: the offer's total, plus each declared quantity × unit cost × multiplier.

    Euros excluding tax, to the cent.
    """
    used = sum((quantity * unit_cost * times for quantity, unit_cost, times in declared), ZERO)
    return (total + used).quantize(HUNDREDTH, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class PreviewRow:
    """A line of the preview: a price, how much dearer than the lowest in percent, its mark."""

    price: Decimal
    dearer: Decimal
    mark: Decimal


@dataclass(frozen=True)
class Preview:
    """How a formula behaves: its rows, and the points of its curve in a frame of 320 × 160."""

    formula: Formula
    weight: Decimal
    rows: tuple[PreviewRow, ...]
    points: str


WIDTH, HEIGHT = 320, 160


def preview(
    formula: str,
    *,
    weight: Decimal,
    parameter: Decimal | None = None,
    lowest: Decimal = Decimal(100_000),
    ratios: Iterable[Decimal] = PREVIEW_RATIOS,
) -> Preview:
    """The marks of example prices, from the lowest to twice as dear."""
    prices = [(lowest * ratio).quantize(HUNDREDTH) for ratio in ratios]
    rows = tuple(
        PreviewRow(
            price,
            ((price / lowest - 1) * 100).quantize(ONE, rounding=ROUND_HALF_UP),
            mark(formula, weight=weight, price=price, prices=prices, parameter=parameter),
        )
        for price in prices
    )
    return Preview(FORMULAS[PriceFormula(formula)], weight, rows, _curve(rows, weight))


def _curve(rows: tuple[PreviewRow, ...], weight: Decimal) -> str:
    """The curve as SVG wants it: x from the lowest price to the highest, y from the whole weight to zero."""
    lowest, highest = rows[0].price, rows[-1].price
    pairs = (
        (WIDTH * (row.price - lowest) / (highest - lowest), HEIGHT - HEIGHT * row.mark / weight)
        for row in rows
    )
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in pairs)
