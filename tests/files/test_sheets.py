"""Spreadsheets read in memory: what a person fills is read, what would fell the machine is refused (U1)."""

import io
import subprocess
import sys

import openpyxl
import pytest

from foundation.files.findings import Finding
from foundation.files.sheets import read_rows
from tests.files.packages import office, open_document

NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in (("office", "office"), ("table", "table"), ("text", "text"))
)


def excel(cells: dict) -> bytes:
    book = openpyxl.Workbook()
    for place, value in cells.items():
        book.active[place] = value
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def ods(rows: str) -> bytes:
    table = f'<table:table table:name="a">{rows}</table:table>'
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    content = f'<?xml version="1.0"?><office:document-content {NAMES}>{body}</office:document-content>'
    return open_document("ods", content=content)


def row(*cells: str, repeat: int = 1) -> str:
    found = "".join(cells)
    return f'<table:table-row table:number-rows-repeated="{repeat}">{found}</table:table-row>'


def cell(text="", repeat=1) -> str:
    kind = ' office:value-type="string"' if text else ""
    inner = f"<text:p>{text}</text:p>" if text else ""
    return f'<table:table-cell{kind} table:number-columns-repeated="{repeat}">{inner}</table:table-cell>'


def test_the_two_families_are_read():
    assert read_rows("a.xlsx", excel({"A1": "Code", "B2": 12.5})) == [["Code", ""], ["", 12.5]]
    assert read_rows("a.ods", ods(row(cell("Code"), cell("x")))) == [["Code", "x"]]


def test_what_an_office_program_leaves_behind_the_last_cell_is_let_be():
    endless = row(cell("Code"), cell(repeat=16383)) + row(cell(repeat=16384), repeat=1_048_575)
    assert read_rows("a.ods", ods(endless))[0][0] == "Code"


FAR_AWAY = {
    "excel, last cell": ("a.xlsx", lambda: excel({"A1": 1, "XFD1048576": 2})),
    "excel, far row": ("a.xlsx", lambda: excel({"A2001": 2})),
    "excel, far column": ("a.xlsx", lambda: excel({"CW1": 2})),
    "excel, cells that follow": ("a.xlsx", lambda: excel_part("<row>" + "<c/>" * 101 + "</row>")),
    "excel, rows that follow": ("a.xlsx", lambda: excel_part("<row><c/></row>" * 2001)),
    "excel, a place that is none": ("a.xlsx", lambda: excel_part('<row r="1"><c r="ZZZZ1"/></row>')),
    "ods, repeated rows": ("a.ods", lambda: ods(row(cell("x"), repeat=1_048_576))),
    "ods, repeated cells": ("a.ods", lambda: ods(row(cell("x", repeat=16384)))),
    "ods, rows skipped": ("a.ods", lambda: ods(row(cell(repeat=3), repeat=900_000) + row(cell("x")))),
    "ods, many sheets": ("a.ods", lambda: ods("</table:table><table:table>".join([full()] * 6))),
}


def full() -> str:
    return row(cell("x", repeat=100), repeat=2000)


def excel_part(rows: str) -> bytes:
    sheet = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}'
    return office("xlsx", {"xl/anything.xml": sheet + "</sheetData></worksheet>"})


@pytest.mark.parametrize("case", FAR_AWAY)
def test_a_sheet_that_no_machine_holds_is_refused(case):
    name, make = FAR_AWAY[case]
    with pytest.raises(Finding) as found:
        read_rows(name, make())
    assert found.value.code == "extent"
    assert "trop grand" in found.value.reason(name, types="").message


def test_without_the_measure_the_process_dies():
    """The negative control: the reader alone aborts on a sheet of two cells."""
    script = (
        "import io, resource, sys; resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30));"
        "from python_calamine import load_workbook;"
        "load_workbook(io.BytesIO(sys.stdin.buffer.read())).get_sheet_by_index(0)"
    )
    content = excel({"A1": 1, "XFD1048576": 2})
    done = subprocess.run([sys.executable, "-c", script], input=content, capture_output=True, check=False)
    assert done.returncode < 0


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", b"a;b", "type"),
        ("a.xlsx", b"PK\x03\x04", None),
        ("a.xlsx", b"", "empty"),
        ("a.xlsx", open_document("ods"), None),
    ],
)
def test_what_is_no_spreadsheet_is_refused(name, content, code):
    with pytest.raises(Finding) as found:
        read_rows(name, content)
    assert code is None or found.value.code == code
