"""Amounts: Decimal euros excluding tax, to the cent."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
NARROW_NO_BREAK_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"


def cents(value: Decimal | int | str) -> Decimal:
    """`value` rounded to the cent, halves away from zero, as invoices do."""
    return Decimal(value).quantize(CENT, rounding=ROUND_HALF_UP)


def format_number(value: Decimal, places: int = 2) -> str:
    """`value` as French text: narrow no-break spaces between thousands, comma before decimals."""
    return f"{value:,.{places}f}".replace(",", NARROW_NO_BREAK_SPACE).replace(".", ",")


def format_euros(value: Decimal | None) -> str:
    """An amount in euros as French text, `1 234,50 €`; empty when there is none."""
    if value is None:
        return ""
    amount = cents(value)
    places = 0 if amount == amount.to_integral_value() and abs(amount) >= 1000 else 2
    return f"{format_number(amount, places)}{NO_BREAK_SPACE}€"
