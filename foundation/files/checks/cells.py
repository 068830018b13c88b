"""The cells of a spreadsheet, read in memory from a content nobody trusts.

The reader holds a sheet as one rectangle: a cell far away asks for more memory than a machine has. So the extent is
measured first, from the XML, and a sheet larger than a person fills is refused.
"""

import io
import re
from contextlib import suppress
from xml.parsers import expat  # the check of the content has already refused DTDs and entities

from python_calamine import CalamineError, load_workbook

from foundation.files.checks import archives, whole
from foundation.files.findings import Finding
from foundation.files.profiles import Profile

MOST_ROWS = 2000
MOST_COLUMNS = 100
MOST_CELLS = 1_000_000
"""Of all the sheets together: an OpenDocument file is read whole."""
_PLACE = re.compile(r"^([A-Z]{0,3})(\d{0,7})$")
_BINARY_BOOK = "xl/workbook.bin"
_SAYS_NOTHING = {"style-name", "number-columns-repeated", "content-validation-name"}


def rows(kind: str, content: bytes, profile: Profile) -> list[list]:
    """The rows of the first sheet, once the file is checked whole. Raises Finding."""
    whole.check_content(kind, content, profile)
    extent = _Extent()
    for entry in archives.entries(content):
        if entry.name.lower() == _BINARY_BOOK:
            raise Finding("mismatch")
        _measure(entry.content, extent)
    try:
        return load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, ValueError, IndexError) as error:
        raise Finding("unreadable") from error


class _Extent:
    """How far the cells of a file reach, whatever its family: a part may hide under any name.

    Excel writes the place of a row or of a cell, or leaves it to follow the former. OpenDocument repeats rows and
    cells; those after the last that says something do not count.
    """

    def __init__(self) -> None:
        self.total = 0
        self.forget()

    def forget(self) -> None:
        """Another sheet begins: what the former held is counted."""
        self.total += getattr(self, "rows", 0) * getattr(self, "widest", 0)
        self.rows = self.seen_rows = self.columns = self.widest = 0
        self.repeat, self.is_filled = 1, False
        self._check()

    def start(self, name, attributes) -> None:
        """A sheet, a row or a cell begins."""
        local = name.rpartition(" ")[2]
        known = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if local in {"table", "worksheet"}:
            self.forget()
        elif local in {"row", "table-row"}:
            self._row(known.get("r", ""), _count(known.get("number-rows-repeated", "1")))
        elif local in {"c", "table-cell", "covered-table-cell"}:
            self._cell(known, is_filled=local == "c" or bool(known.keys() - _SAYS_NOTHING))

    def _row(self, place: str, repeat: int) -> None:
        self.seen_rows = _count(place) if place else self.seen_rows + repeat
        self.columns, self.repeat = 0, repeat

    def _cell(self, known: dict, *, is_filled: bool) -> None:
        if known.get("r"):
            self.columns, row = _place(known["r"])
            self.seen_rows = max(self.seen_rows, row)
        else:
            self.columns += _count(known.get("number-columns-repeated", "1"))
        if is_filled:
            self.fill()

    def fill(self, data: str = "x") -> None:
        """The last cell says something."""
        if data.strip() and self.columns:
            self.rows, self.widest = self.seen_rows, max(self.widest, self.columns)
            self._check()

    def _check(self) -> None:
        if self.rows > MOST_ROWS or self.widest > MOST_COLUMNS or self.total > MOST_CELLS:
            raise Finding("extent", rows=MOST_ROWS, columns=MOST_COLUMNS)


def _place(text: str) -> tuple[int, int]:
    """Column and row of a cell: (28, 3) for AB3."""
    found = _PLACE.match(text)
    letters, digits = found.groups() if found else ("", "")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column or MOST_COLUMNS + 1, _count(digits)


def _count(value: str) -> int:
    if not value.isascii() or not value.isdigit() or len(value) > 7:
        raise Finding("extent", rows=MOST_ROWS, columns=MOST_COLUMNS)
    return int(value)


def _measure(part: bytes, extent: _Extent) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.CharacterDataHandler = extent.start, extent.fill
    with suppress(expat.ExpatError):  # a picture, the settings of a printer
        parser.Parse(part, True)
    extent.forget()
