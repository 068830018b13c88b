"""The price schedule of a lot as a spreadsheet: offered for download, and read line by line when it comes back.

Nothing read here is kept: prices go to the form that the bidder confirms, in the same answer.
"""

import io
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter

from foundation.files.sheets import read_rows
from foundation.money import AmountError, written
from tenders.models import Lot, PriceLine
from tenders.prices import read_price

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDTHS = {"A": 16, "B": 60, "C": 18, "D": 22}
_HEAD = PatternFill("solid", fgColor="E5E5F4")
_TO_FILL = PatternFill("solid", fgColor="FFF7DB")


@dataclass(frozen=True)
class RowError:
    """What is wrong on one row of the file; row 0 when it is about the whole."""

    row: int
    code: str
    message: str


@dataclass
class Imported:
    """Unit prices found, by code of line, as a French reader types them; and what was not taken."""

    prices: dict[str, str] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)


def schedule_book(lot: Lot) -> bytes:
    """The schedule of a lot to fill in a spreadsheet program: only the cells of prices are open.

    Words that begin with = + - @ are text, whatever program opens the file.
    """
    book = Workbook()
    sheet = book.active
    sheet.title = _("Lot %(number)d") % {"number": lot.number}
    _say(sheet, "A1", f"{lot.tender.reference} · {lot.title}", font=Font(bold=True, size=14))
    _say(sheet, "A2", _("Remplissez la colonne jaune : un prix unitaire en euros hors taxes par ligne."))
    heads = (_("Code"), _("Désignation"), _("Unité"), _("Prix unitaire HT"))
    for column, title in zip(_WIDTHS, heads, strict=True):
        _say(sheet, f"{column}4", title, font=Font(bold=True), fill=_HEAD)
        sheet.column_dimensions[column].width = _WIDTHS[column]
    for rank, line in enumerate(lot.price_lines.all(), start=5):
        for column, text in zip("ABC", (line.code, line.label, line.unit), strict=True):
            _say(sheet, f"{column}{rank}", text)
        price = sheet[f"D{rank}"]
        price.fill, price.protection = _TO_FILL, Protection(locked=False)
        price.number_format = "#,##0." + "0" * line.price_places
    sheet.freeze_panes = "A5"
    sheet.protection.sheet = True
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _say(sheet, place: str, text: str, *, font=None, fill=None) -> None:
    """Write words as words: never a formula."""
    cell = sheet[place]
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.data_type = "s"
    cell.quotePrefix = text[:1] in {"=", "+", "-", "@", "\t", "\r"}
    cell.alignment = Alignment(wrap_text=place[0] == "B", vertical="top")
    if font:
        cell.font = font
    if fill:
        cell.fill = fill


def read_schedule(name: str, content: bytes, lot: Lot) -> Imported:
    """The prices of a filled schedule, each row checked; what is right is kept whatever the others are.

    Raises Finding for a file that is no spreadsheet, or that hurts.
    """
    rows = read_rows(name, content)
    found, lines = Imported(), {line.code: line for line in lot.price_lines.all()}
    places = _columns(rows)
    if places is None:
        message = _(
            "Les colonnes « Code » et « Prix unitaire HT » n'y sont pas : partez du fichier téléchargé ici."
        )
        found.errors.append(RowError(0, "", message))
        return found
    head, code_at, price_at = places
    for number, row in enumerate(rows[head + 1 :], start=head + 2):
        place = f"{get_column_letter(price_at + 1)}{number}"
        _read_row(found, lines, (number, place), _text(_cell(row, code_at)), _cell(row, price_at))
    _tell_missing(found, lines)
    return found


def _columns(rows: list[list]) -> tuple[int, int, int] | None:
    """Row of the titles, column of the codes, column of the prices."""
    for rank, row in enumerate(rows[:30]):
        titles = [_text(cell).casefold() for cell in row]
        prices = [column for column, title in enumerate(titles) if title.startswith("prix unitaire")]
        if "code" in titles and prices:
            return rank, titles.index("code"), prices[0]
    return None


def _cell(row: list, column: int):
    return row[column] if column < len(row) else ""


def _text(value) -> str:
    """A cell as text; a code typed as a number loses the ".0" that the reader gives it."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def _read_row(found: Imported, lines: dict[str, PriceLine], at: tuple[int, str], code: str, value) -> None:
    number, place = at
    if not code and value == "":
        return
    wrong = ""
    if code not in lines:
        wrong = _("cette ligne n'est pas dans le bordereau du lot")
    elif code in found.prices:
        wrong = _("ce code est écrit deux fois : seule la première ligne compte")
    else:
        price, wrong = _price(value, lines[code], place)
        if not wrong:
            found.prices[code] = price
    if wrong:
        found.errors.append(RowError(number, code, wrong))


def _price(value, line: PriceLine, place: str) -> tuple[str, str]:
    """A price as it is typed in French, and what is wrong with its cell."""
    if value == "":
        return "", _("le prix manque (une formule sans résultat compte comme vide)")
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return "", _(
            "la cellule %(place)s ne contient pas un nombre : tapez le prix, par exemple 1250,00"
        ) % {"place": place}
    try:
        return f"{read_price(written(value), line):f}".replace(".", ","), ""
    except AmountError as error:
        return "", str(error)


def _tell_missing(found: Imported, lines: dict[str, PriceLine]) -> None:
    told = {error.code for error in found.errors}
    for code in lines:
        if code not in found.prices and code not in told:
            found.errors.append(RowError(0, code, _("cette ligne manque dans le fichier")))
