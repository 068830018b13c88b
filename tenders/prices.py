"""Unit prices of an answer, checked against the price schedules of its lots: the page, the spreadsheet, the API and
the opening read a price the same way.
"""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.errors import Reason, Refusal, field_path
from foundation.money import AmountError, cents, format_euros, parse_decimal
from tenders.models import Lot, PriceLine

WHOLE_DIGITS = 10
"""Of a unit price, before its comma: as `OfferPrice` holds it."""
MISSING = gettext_lazy("Écrivez un prix pour cette ligne ; 0 est un prix.")
GREATEST_TOTAL = Decimal("99999999999999.99")
"""Of a lot, as `Offer` holds it."""

Prices = Mapping[int, Mapping[str, str]]
"""{lot number: {line code: unit price as it was written}}."""


def read_price(text: str, line: PriceLine) -> Decimal:
    """A unit price in euros excluding tax, with the decimals of its line; zero is a price (CJUE C-367/19).

    Raises AmountError.
    """
    places = line.price_places
    return parse_decimal(text, places=places, max_digits=WHOLE_DIGITS + places, unit="€")


def simulated_total(prices: Mapping[PriceLine, Decimal]) -> Decimal:
    """The total of the simulation: quantity × unit price summed exactly, rounded once, to the cent, half up."""
    return cents(sum((line.simulated_quantity * price for line, price in prices.items()), Decimal(0)))


def checked_prices(lots: Mapping[int, Lot], prices: Prices) -> dict[int, dict[str, str]]:
    """The prices of the answered lots, as plain text (« 1250.00 ») with the decimals of each line.

    Raises Refusal with every fault at once, each beside its place: `prices.<lot number>.<line code>`.
    """
    reasons = _unknown(lots, prices)
    answered = {number: prices[number] for number in lots if any(prices.get(number, {}).values())}
    if not answered and not reasons:
        raise Refusal(_("Répondez à un lot au moins : remplissez son bordereau des prix."), field="prices")
    checked = {}
    for number, amounts in answered.items():
        checked[number], faults = _checked(lots[number], amounts)
        reasons += faults
    if reasons:
        raise Refusal.of(reasons)
    return checked


def _unknown(lots: Mapping[int, Lot], prices: Prices) -> list[Reason]:
    """Lots and lines that the consultation has not: a slip of the pen in a name must not lose a price."""
    reasons = []
    for number, amounts in prices.items():
        if number not in lots:
            message = _("Le lot %(number)s n’existe pas dans la consultation.") % {"number": number}
            reasons.append(Reason(message, field=field_path("prices", number), code="unknown"))
            continue
        known = {line.code for line in lots[number].price_lines.all()}
        for code in [code for code in amounts if code not in known]:
            message = _("Lot %(number)s : « %(code)s » n’est pas une ligne de son bordereau.")
            told = message % {"number": number, "code": code[:60]}
            reasons.append(Reason(told, field=field_path("prices", number, code), code="unknown"))
    return reasons


def _checked(lot: Lot, amounts: Mapping[str, str]) -> tuple[dict[str, str], list[Reason]]:
    read, reasons = {}, []
    for line in lot.price_lines.all():
        text = amounts.get(line.code) or ""
        try:
            read[line] = read_price(text, line)
        except AmountError as error:
            words = {"number": lot.number, "code": line.code, "why": error if text else MISSING}
            message = _("Lot %(number)s, ligne %(code)s : %(why)s") % words
            reasons.append(Reason(message, field=field_path("prices", lot.number, line.code)))
    if not reasons:
        reasons = _total_reasons(lot, read)
    return {line.code: f"{price:f}" for line, price in read.items()}, reasons


def _total_reasons(lot: Lot, prices: Mapping[PriceLine, Decimal]) -> list[Reason]:
    """What no column holds is told at the deposit, not found at the opening."""
    if simulated_total(prices) <= GREATEST_TOTAL:
        return []
    message = _("Lot %(number)s : le total de la simulation dépasse %(most)s. Vérifiez vos prix unitaires.")
    told = message % {"number": lot.number, "most": format_euros(GREATEST_TOTAL)}
    return [Reason(told, field=field_path("prices", lot.number))]
