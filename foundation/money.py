"""Numbers that people write, and amounts: Decimal euros excluding tax.

One text is one number at every door (page, spreadsheet, API): all of them read through `parse_decimal`.
"""

import re
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

NARROW_NO_BREAK_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"
EXAMPLE = f"1{NARROW_NO_BREAK_SPACE}234,50"
_SPACE = f"[ {NO_BREAK_SPACE}{NARROW_NO_BREAK_SPACE}]"
_NUMBER = re.compile(
    rf"(?P<sign>-?)(?P<whole>[0-9]{{1,3}}(?:{_SPACE}[0-9]{{3}})+|[0-9]+)(?:[.,](?P<part>[0-9]+))?"
)
_LONGEST = 60
"""Characters: no column holds as much."""


class AmountError(ValueError):
    """A text that is not a number its field takes; `str()` is the French sentence that says how to write it."""


class JsonNumber(float):
    """A number of a JSON body, with the text that was sent: `7e2` and `12.10` are not lost in a binary float."""

    def __new__(cls, text: str) -> "JsonNumber":
        number = super().__new__(cls, text)
        number.text = text
        return number


def parse_decimal(
    text: str, *, places: int, max_digits: int, is_signed: bool = False, unit: str = ""
) -> Decimal:
    """The number written in `text`, exactly as written: nothing is rounded, nothing is guessed.

    Digits of ASCII, groups of three apart by a space (plain, no-break or narrow) or none at all, one comma or one
    point before at most `places` decimals, a minus only when `is_signed`, `unit` at the end when there is one.
    `max_digits` counts all the digits of the column, decimals included. Raises AmountError.
    """
    found = _NUMBER.fullmatch(text.strip().removesuffix(unit).strip()) if len(text) <= _LONGEST else None
    if found is None or (found["sign"] and not is_signed):
        raise AmountError(_("Écrivez un nombre en chiffres, par exemple %(example)s.") % {"example": EXAMPLE})
    whole, part = re.sub(_SPACE, "", found["whole"]), found["part"] or ""
    if len(part) > places:
        raise AmountError(_too_fine(whole, part, places))
    if len(whole.lstrip("0")) > max_digits - places:
        raise AmountError(
            _("Ce nombre est trop grand : %(most)s au plus.") % {"most": _most(max_digits, places)}
        )
    return Decimal(f"{found['sign']}{whole}.{part or '0'}").quantize(Decimal(1).scaleb(-places))


def written(value: object) -> str:
    """A value of a cell or of a JSON body as the text to parse. A binary float has the 15 significant digits that
    spreadsheets show (0.1 + 0.2 is 0.3). What is no number gives a text that no field takes.
    """
    if isinstance(value, JsonNumber):
        return value.text
    if isinstance(value, float):
        value = Decimal(f"{value:.15g}")
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _too_fine(whole: str, part: str, places: int) -> str:
    words = ngettext(
        "Écrivez %(count)d chiffre au plus après la virgule",
        "Écrivez %(count)d chiffres au plus après la virgule",
        places,
    ) % {"count": places}
    if len(part) != 3 or not int(whole):
        return f"{words}."
    thousands = Decimal(whole + part)
    hint = _(" ; pour des milliers, %(plain)s ou %(spaced)s.")
    return words + hint % {"plain": thousands, "spaced": format_number(thousands, places)}


def _most(max_digits: int, places: int) -> str:
    return format_number(Decimal(10) ** (max_digits - places) - Decimal(1).scaleb(-places), places)


def cents(value: Decimal | int | str) -> Decimal:
    """`value` rounded to the cent, halves away from zero, as invoices do."""
    return rounded(Decimal(value), 2)


def rounded(value: Decimal, places: int) -> Decimal:
    """`value` with this number of decimals, halves away from zero."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def places_of(price: Decimal) -> int:
    """How many decimals a unit price is told with: two, more when they count."""
    return max(2, -int(price.normalize().as_tuple().exponent))


def format_number(value: Decimal, places: int = 2) -> str:
    """`value` as French text: narrow no-break spaces between thousands, comma before decimals."""
    return f"{value:,.{places}f}".replace(",", NARROW_NO_BREAK_SPACE).replace(".", ",")


def format_euros(value: Decimal | None, places: int = 2) -> str:
    """An amount in euros as French text, `1 234,50 €`; empty when there is none. `places`: more than two for a unit
    price under the cent.
    """
    if value is None:
        return ""
    amount = rounded(Decimal(value), places)
    shown = 0 if amount == amount.to_integral_value() and abs(amount) >= 1000 else places
    return f"{format_number(amount, shown)}{NO_BREAK_SPACE}€"


def format_unit_price(price: Decimal) -> str:
    """A unit price in euros as French text: two decimals, more when they count, `0,035 €`."""
    return format_euros(price, places_of(price))
