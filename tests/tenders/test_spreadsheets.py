"""The price schedule as a spreadsheet: what goes out runs nothing (U3), what comes back is checked line by line."""

import io
from datetime import datetime

import openpyxl
import pytest

from foundation.files.findings import Finding
from foundation.files.services import check_upload
from foundation.files.sheets import SPREADSHEET
from tenders import services
from tenders.spreadsheets import read_schedule, schedule_book
from tests.concierge.factories import scan
from tests.tenders.factories import make_draft

pytestmark = pytest.mark.django_db
FORMULA = '=HYPERLINK("http://mechant.example","Cliquez")'


@pytest.fixture
def lot(at):
    tender = make_draft(at=at)
    lot = tender.lots.get()
    lines = [
        {"code": "=1+1", "label": FORMULA, "unit": "@SUM(A1)", "simulated_quantity": 1},
        {"code": "UO-2", "label": "-2+3", "unit": "+mois", "simulated_quantity": 2},
        {"code": "12", "label": "Un code fait de chiffres", "unit": "jour", "simulated_quantity": 2},
    ]
    services.price_lines_set(lot=lot, lines=lines, by=tender.created_by, at=at)
    return lot


def filled(lot, *prices) -> bytes:
    """The downloaded file with prices in its yellow cells, saved again as an office program does."""
    book = openpyxl.load_workbook(io.BytesIO(schedule_book(lot)))
    for rank, price in enumerate(prices, start=5):
        book.active[f"D{rank}"] = price
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_words_that_look_like_formulas_stay_words(lot):
    """U3: no cell of the file is a formula, and a program that re-reads a cell as typed is told it is text."""
    content = schedule_book(lot)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert sheet["A5"].value == "=1+1" and sheet["A5"].quotePrefix and sheet["B5"].value == FORMULA
    assert sheet["D5"].protection.locked is False and sheet.protection.sheet
    assert check_upload(scan("bordereau.xlsx", content), profile=SPREADSHEET).name == "bordereau.xlsx"


def test_every_price_comes_back_as_it_is_typed(lot):
    found = read_schedule("b.xlsx", filled(lot, 1250, "1 640,10 €", 99.9), lot)
    assert found.prices == {"=1+1": "1250,00", "UO-2": "1640,10", "12": "99,90"} and not found.errors


@pytest.mark.parametrize(
    ("price", "words"),
    [
        (None, "manque"),
        ("gratuit", "Écrivez un nombre"),
        (-3, "Écrivez un nombre"),
        (12.345, "2 chiffres au plus"),
        (True, "la cellule D6 ne contient pas un nombre"),
        (datetime(2026, 3, 3), "Écrivez un nombre"),
        ("nan", "Écrivez un nombre"),
        ("1e400", "Écrivez un nombre"),
        (10**12, "trop grand"),
        ("=1+1", "manque"),
    ],
)
def test_a_wrong_line_is_named_and_the_others_are_kept(lot, price, words):
    found = read_schedule("b.xlsx", filled(lot, 10, price, 30), lot)
    assert found.prices == {"=1+1": "10,00", "12": "30,00"}
    [error] = found.errors
    assert (error.row, error.code) == (6, "UO-2") and words in error.message


def test_a_price_has_the_digits_that_the_program_shows(lot):
    """A sum of decimals is stored with binary noise, which no cell ever shows."""
    found = read_schedule("b.xlsx", filled(lot, 0.1 + 0.2, 0, 0.57999999999999996), lot)
    assert found.prices == {"=1+1": "0,30", "UO-2": "0,00", "12": "0,58"} and not found.errors


def test_unknown_repeated_and_missing_lines_are_told(lot):
    book = openpyxl.load_workbook(io.BytesIO(filled(lot, 10, 20, 30)))
    book.active["A7"] = "UO-2"
    book.active["A8"], book.active["D8"] = "UO-99", 5
    content = io.BytesIO()
    book.save(content)
    found = read_schedule("b.xlsx", content.getvalue(), lot)
    assert found.prices == {"=1+1": "10,00", "UO-2": "20,00"}
    assert [(error.row, error.code) for error in found.errors] == [(7, "UO-2"), (8, "UO-99"), (0, "12")]


def test_another_table_is_refused_in_one_sentence(lot):
    book = openpyxl.Workbook()
    book.active["A1"] = "Autre chose"
    content = io.BytesIO()
    book.save(content)
    found = read_schedule("b.xlsx", content.getvalue(), lot)
    assert not found.prices and "fichier téléchargé ici" in found.errors[0].message


def test_what_is_no_spreadsheet_is_a_finding(lot):
    with pytest.raises(Finding):
        read_schedule("b.pdf", b"%PDF-1.7", lot)
