"""From plain rows to a spreadsheet (.xlsx) where no cell is ever a formula."""

import io
from datetime import date, datetime
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table, TableStyleInfo

from foundation.documents.press.printed import Printed
from foundation.documents.press.sealed_zip import without_dates

FORMATS = {"euros": '#,##0.00\\ "€"', "number": "#,##0.##", "date": "dd/mm/yyyy", "days": '0.0#\\ "j"'}
HEAD = PatternFill("solid", fgColor="0F4C5C")
TITLE, WORDS, WHITE = Font(bold=True, size=14), Font(italic=True), Font(bold=True, color="FFFFFF")
MAX_CELL = 32_767  # what the format itself allows in one cell


def print_workbook(order: dict) -> Printed:
    """A workbook with one accessible table per sheet: title, notes, head row that stays in sight and on each page."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    workbook.properties.title, workbook.properties.creator = order["title"], order["author"]
    workbook.properties.language = "fr-FR"
    for rank, sheet in enumerate(order["sheets"], start=1):
        _write(
            workbook.create_sheet(_tab_name(sheet["title"], rank)), sheet, rank, is_draft=order["is_draft"]
        )
    target = io.BytesIO()
    workbook.save(target)
    content = without_dates(target.getvalue(), datetime.fromisoformat(order["created_at"]))
    return Printed(form="xlsx", content=content)


def _write(page, sheet: dict, rank: int, *, is_draft: bool) -> None:
    lines = [sheet["title"], *(["PROJET, sans valeur"] if is_draft else []), *sheet["notes"]]
    for row, line in enumerate(lines, start=1):
        _say(page.cell(row, 1), line)
    page.cell(1, 1).font = TITLE
    for row in range(2, len(lines) + 1):
        page.cell(row, 1).font = WORDS
    head = len(lines) + 2
    _head(page, sheet["columns"], head)
    for offset, row in enumerate(sheet["rows"], start=1):
        for place, (column, value) in enumerate(zip(sheet["columns"], row, strict=True), start=1):
            _fill(page.cell(head + offset, place), column["kind"], value)
    _frame(page, sheet, head, rank, is_draft=is_draft)


def _head(page, columns: list[dict], row: int) -> None:
    for place, column in enumerate(columns, start=1):
        cell = page.cell(row, place)
        _say(cell, column["label"])
        cell.font, cell.fill = WHITE, HEAD
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        page.column_dimensions[get_column_letter(place)].width = column["width"]


def _fill(cell, kind: str, value) -> None:
    """A number or a date as such; anything else as words."""
    if value in (None, ""):
        return
    if kind in ("euros", "number", "days"):
        cell.value = Decimal(value)
    elif kind == "date":
        cell.value = date.fromisoformat(value)
    else:
        _say(cell, str(value))
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        return
    cell.number_format = FORMATS[kind]
    cell.alignment = Alignment(vertical="top")


def _say(cell, words: str) -> None:
    """Write words: « =HYPERLINK(…) » is shown as it is typed, now and after someone edits the cell (U3)."""
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", words)[:MAX_CELL]
    cell.data_type = "s"
    cell.quotePrefix = True


def _frame(page, sheet: dict, head: int, rank: int, *, is_draft: bool) -> None:
    """Freeze the head, repeat it on paper, name the table for assistive tools."""
    last = f"{get_column_letter(len(sheet['columns']))}{head + len(sheet['rows'])}"
    page.freeze_panes = page.cell(head + 1, 1)
    page.print_title_rows = f"{head}:{head}"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.oddFooter.right.text = "page &P / &N"
    if is_draft:
        page.oddHeader.center.text = "PROJET"
    labels = [column["label"] for column in sheet["columns"]]
    if sheet["rows"] and len(set(labels)) == len(labels):
        table = Table(displayName=f"Tableau{rank}", ref=f"A{head}:{last}")
        table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
        page.add_table(table)


def _tab_name(title: str, rank: int) -> str:
    """What a tab may be called: thirty-one characters, none of those that name a cell elsewhere."""
    kept = "".join(" " if mark in "[]:*?/\\'" else mark for mark in ILLEGAL_CHARACTERS_RE.sub("", title))
    return f"{rank}. {kept}"[:31].strip()
