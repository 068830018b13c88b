"""What makes an offer look abnormally low (L2152-5): methods as data, each a sign and never a verdict.

The law sets no threshold: these are our choice, told with each signal, and the buyer may ask for explanations
without any of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from foundation.money import cents
from tenders import legal
from tenders.models import Lot, Offer

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Method:
    """How a reference amount is found, and from which gap (in % of it) an offer below it is pointed at; a sign that
    compares nothing has neither.
    """

    code: str
    label: object
    threshold: Decimal | None = None
    reference: Callable[[Offer, list[Offer], Lot], Decimal | None] | None = None


@dataclass(frozen=True)
class Signal:
    """A method that points at an offer, with the numbers that it compared, if any."""

    offer: Offer
    method: Method
    reference_excl_tax: Decimal | None = None
    gap: Decimal | None = None

    @property
    def facts(self) -> dict:
        """As it is frozen in the request for explanations."""
        return {
            "method": self.method.code,
            "label": str(self.method.label),
            "threshold": _text(self.method.threshold),
            "reference_excl_tax": _text(self.reference_excl_tax),
            "total_excl_tax": str(self.offer.total_excl_tax),
            "gap": _text(self.gap),
        }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _mean_of_the_others(offer: Offer, offers: list[Offer], lot: Lot) -> Decimal | None:
    others = [other.total_excl_tax for other in offers if other != offer]
    return sum(others, Decimal(0)) / len(others) if len(others) >= 2 else None


def _next_lowest(offer: Offer, offers: list[Offer], lot: Lot) -> Decimal | None:
    above = [other.total_excl_tax for other in offers if other.total_excl_tax > offer.total_excl_tax]
    is_lowest = len(above) == len(offers) - 1
    return min(above) if above and is_lowest else None


def _estimate(offer: Offer, offers: list[Offer], lot: Lot) -> Decimal | None:
    """The buyer's estimate is that of the whole purchase: it is compared for one lot alone, and not for a framework,
    whose simulated total is an example of orders.
    """
    tender = lot.tender
    if tender.technique in legal.FRAMEWORKS or len(tender.lots.all()) > 1:
        return None
    return tender.estimated_value_excl_tax


METHODS = (
    Method("mean", _("Écart à la moyenne des autres offres"), Decimal(25), _mean_of_the_others),
    Method("next", _("Écart à l'offre qui la suit"), Decimal(20), _next_lowest),
    Method("estimate", _("Écart à l'estimation de l'acheteur"), Decimal(40), _estimate),
)


ZERO = Method(
    "zero",
    format_lazy(_("Prix à zéro : interroger le candidat ({article})"), article=legal.ZERO_PRICE.article),
)
"""Never a ground to reject by itself; the buyer asks, then decides, as for any abnormally low offer."""


def low_signals(lot: Lot, offers: list[Offer]) -> dict[int, list[Signal]]:
    """Offer → the methods that point at it, among the offers of a lot."""
    found = {}
    for offer in offers:
        signals = [signal for method in METHODS if (signal := _signal(method, offer, offers, lot))]
        amounts = [offer.total_excl_tax, *(price.unit_price_excl_tax for price in offer.prices.all())]
        if not all(amounts):
            signals.insert(0, Signal(offer, ZERO))
        if signals:
            found[offer.pk] = signals
    return found


def _signal(method: Method, offer: Offer, offers: list[Offer], lot: Lot) -> Signal | None:
    reference = method.reference(offer, offers, lot)
    if not reference:
        return None
    gap = ((reference - offer.total_excl_tax) * HUNDRED / reference).quantize(Decimal("0.1"))
    return Signal(offer, method, cents(reference), gap) if gap >= method.threshold else None
