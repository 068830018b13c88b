"""The forms of a document: archive PDF, Word, spreadsheet; a formula is never one (U3), a fact never a program (U5)."""

import io
import json
import zipfile
from datetime import UTC, datetime

import docx
import openpyxl
import pikepdf
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader

from foundation.documents import printing, registry, services
from foundation.documents.enums import DocumentForm
from foundation.documents.press import sheets, word_template, words
from foundation.documents.registry import Column, Section, Sheet
from tests.accounts.factories import make_buyer_org
from tests.documents.factories import make_document, order_kind

AT = datetime(2026, 3, 3, 8, 41, tzinfo=UTC)
NASTY = [
    "=1+1",
    '=HYPERLINK("http://127.0.0.1:9/"&A1)',
    "+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "=cmd|' /C calc'!A0",
    "\x00\x07=1",
    "{{ 7*7 }}",
    "{% for x in y %}",
    "<w:p/>&<b>",
]


def sections(document) -> list[Section]:
    rows = tuple((word, "x") for word in NASTY)
    return [
        Section(title=NASTY[0], paragraphs=tuple(NASTY), caption="Essai", head=("Mot", "Autre"), rows=rows)
    ]


def tables(document) -> list[Sheet]:
    columns = (
        Column("Mot", width=30),
        Column("Montant HT", "euros"),
        Column("Le", "date"),
        Column("Jours", "days"),
    )
    rows = tuple((word, "1234.50", "2026-03-03", "2.5") for word in NASTY)
    return [Sheet("=Titre/1", columns, rows, notes=NASTY[:2]), Sheet("Vide", columns, ())]


@pytest.fixture
def document(db):
    forms = (DocumentForm.PDF, DocumentForm.DOCX, DocumentForm.XLSX)
    registry._KINDS["tests.order"] = order_kind(
        forms=forms, sections=sections, sheets=tables, is_archive=True
    )
    document = make_document(about=make_buyer_org(), at=AT, note="@formule", title="=Titre")
    document.refresh_from_db()
    return document


@pytest.fixture
def made(document):
    return {one.form: one for one in printing.print_document(document)}


def test_a_row_keeps_each_form_with_its_digest(document, at):
    ready = services.document_render(document_id=document.pk, at=AT)
    assert [part.form for part in ready.forms] == ["pdf", "docx", "xlsx"]
    assert len({part.sha256 for part in ready.forms}) == 3
    for part in ready.forms:
        assert part.file.name.endswith(f"{part.sha256}.{part.form}")
    assert [part.pages is None for part in ready.forms] == [False, True, True]


def test_the_same_row_gives_the_same_bytes_in_every_form(document, made):
    again = printing.print_document(document)
    assert [one.sha256 for one in again] == [made[one.form].sha256 for one in again]


def test_no_cell_is_ever_a_formula(made):
    book = openpyxl.load_workbook(io.BytesIO(made["xlsx"].content))
    page = book.worksheets[0]
    cells = [cell for row in page.iter_rows() for cell in row if cell.value is not None]
    texts = [cell for cell in cells if isinstance(cell.value, str)]
    assert len(texts) > len(NASTY)
    assert {cell.data_type for cell in texts} == {"s"}
    assert all(cell.quotePrefix for cell in texts), "still text once someone edits the cell"
    assert "=1+1" in [cell.value for cell in texts]
    with zipfile.ZipFile(io.BytesIO(made["xlsx"].content)) as parts:
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist())
        assert not any("external" in name.lower() or "vba" in name.lower() for name in parts.namelist())


def test_a_sheet_has_numbers_dates_and_a_head_that_stays(made):
    page = openpyxl.load_workbook(io.BytesIO(made["xlsx"].content)).worksheets[0]
    head = next(row[0].row for row in page.iter_rows() if row[0].value == "Mot")
    first = list(page[head + 1])
    assert float(first[1].value) == 1234.5
    assert first[2].value.date().isoformat() == "2026-03-03"
    assert page.freeze_panes == f"A{head + 1}"
    assert page.print_title_rows == f"${head}:${head}"
    assert page.tables["Tableau1"].ref.startswith(f"A{head}:")


def test_the_word_file_says_the_words_as_they_are(made):
    word = docx.Document(io.BytesIO(made["docx"].content))
    texts = [paragraph.text for paragraph in word.paragraphs]
    assert "{{ 7*7 }}" in texts
    assert "49" not in texts
    assert "<w:p/>&<b>" in texts
    (table,) = word.tables
    assert [cell.text for cell in table.rows[0].cells] == ["Mot", "Autre"]
    assert len(table.rows) == len(NASTY) + 1


def test_the_word_file_has_headings_a_language_and_a_repeated_head(made):
    word = docx.Document(io.BytesIO(made["docx"].content))
    styles = [paragraph.style.name for paragraph in word.paragraphs]
    assert styles.count("Title") == 1
    assert "Heading 1" in styles
    language = word.styles.element.find(f".//{qn('w:lang')}")
    assert language.get(qn("w:val")) == "fr-FR"
    assert word.tables[0].rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert word.core_properties.title == "=Titre"
    with zipfile.ZipFile(io.BytesIO(made["docx"].content)) as parts:
        assert not any("vba" in name.lower() or "embeddings" in name for name in parts.namelist())


def test_the_word_template_is_the_one_its_source_builds():
    """After a change of word_template.py: `manage.py word_template`."""
    assert words.TEMPLATE.read_bytes() == word_template.build()


def test_an_archive_says_both_standards_and_carries_its_facts(document, made):
    with pikepdf.open(io.BytesIO(made["pdf"].content)) as file:
        metadata = file.Root.Metadata.read_bytes()
        assert metadata.count(b"<rdf:RDF") == 1
        assert b'pdfaid:part="3"' in metadata
        assert b'pdfaid:conformance="A"' in metadata
        assert b"<pdfuaid:part>1</pdfuaid:part>" in metadata
        assert b"pdfaExtension:schemas" in metadata
        assert file.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert file.Root.AF[0].AFRelationship == "/Source"
        assert file.Root.MarkInfo.Marked
        (source,) = file.attachments.values()
        facts = json.loads(source.get_file().read_bytes())
    assert facts["number"] == document.number
    assert facts["facts"] == document.facts


def test_every_font_of_an_archive_is_inside(made):
    reader = PdfReader(io.BytesIO(made["pdf"].content))
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            (inner,) = font.get_object().get("/DescendantFonts", [font])
            descriptor = inner.get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(descriptor), font.get_object()["/BaseFont"]


@pytest.mark.django_db
def test_a_draft_says_so_in_every_form_and_takes_no_number():
    forms = (DocumentForm.PDF, DocumentForm.DOCX, DocumentForm.XLSX)
    registry._KINDS["tests.order"] = order_kind(forms=forms, sections=sections, sheets=tables)
    about = make_buyer_org()
    draft = services.document_request(
        kind="tests.order", obj=about, facts={"lines": []}, title="Essai", by=None, at=AT, is_draft=True
    )
    final = make_document(about=about, at=AT)
    draft.refresh_from_db()
    assert draft.number == ""
    assert final.number.endswith("-0001"), "a draft takes no number of the series"
    made = {one.form: one.content for one in printing.print_document(draft)}
    assert "Projet" in PdfReader(io.BytesIO(made["pdf"])).pages[0].extract_text()
    word = docx.Document(io.BytesIO(made["docx"]))
    assert "PROJET" in word.sections[0].header.paragraphs[0].text
    page = openpyxl.load_workbook(io.BytesIO(made["xlsx"])).worksheets[0]
    assert page["A2"].value == "PROJET, sans valeur"
    assert page.oddHeader.center.text == "PROJET"


def test_a_kind_declares_what_its_forms_are_made_from():
    with pytest.raises(ValueError, match="nothing to make"):
        registry.register(order_kind("tests.bare", forms=(DocumentForm.XLSX,)))


def test_tab_names_are_those_the_format_allows():
    assert (
        sheets._tab_name("Lot 1 : [a]*b?/c\\d et la suite bien trop longue", 3)
        == "3. Lot 1    a  b  c d et la sui"
    )
