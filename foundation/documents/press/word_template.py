"""Writes `document.docx`, the one Word template: styles, language, tags of docxtpl. Run by `word_template`."""

import io
from datetime import UTC, datetime

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from foundation.documents.press.sealed_zip import without_dates

INK, TEAL, BRICK = RGBColor(0x16, 0x20, 0x2B), RGBColor(0x0F, 0x4C, 0x5C), RGBColor(0xA3, 0x3A, 0x25)
BODY = (
    ("Normal", "{%p if logo %}"),
    ("Normal", "{{ logo }}"),
    ("Normal", "{%p endif %}"),
    ("Administration", "{{ issuer }}"),
    ("Normal", "{%p for line in address %}"),
    ("Adresse", "{{ line }}"),
    ("Normal", "{%p endfor %}"),
    ("Nature", "{{ kind }}"),
    ("Title", "{{ title }}"),
    ("Normal", "{{ date }}"),
    ("Normal", "{%p if is_draft %}"),
    ("Avertissement", "Projet : ce document n’engage pas l’administration."),
    ("Normal", "{%p endif %}"),
    ("Normal", "{%p for section in sections %}"),
    ("Normal", "{%p if section.title %}"),
    ("Heading 1", "{{ section.title }}"),
    ("Normal", "{%p endif %}"),
    ("Normal", "{%p for paragraph in section.paragraphs %}"),
    ("Normal", "{{ paragraph }}"),
    ("Normal", "{%p endfor %}"),
    ("Normal", "{%p if section.table %}"),
    ("Caption", "{{ section.table.caption }}"),
)
END = (
    ("Normal", "{%p endif %}"),
    ("Normal", "{%p endfor %}"),
    ("Normal", "{%p for block in clauses %}"),
    ("Normal", "{%p if block.kind == 'heading' %}"),
    ("Heading 1", "{{ block.text }}"),
    ("Normal", "{%p elif block.kind == 'item' %}"),
    ("List Bullet", "{{ block.text }}"),
    ("Normal", "{%p else %}"),
    ("Normal", "{{ block.text }}"),
    ("Normal", "{%p endif %}"),
    ("Normal", "{%p endfor %}"),
    ("Adresse", "{{ colophon }}"),
)


def build() -> bytes:
    """The whole template; always the same bytes."""
    document = docx.Document()
    _page(document)
    _styles(document)
    for style, text in BODY:
        document.add_paragraph(text, style=style)
    _table(document)
    for style, text in END:
        document.add_paragraph(text, style=style)
    _running_lines(document)
    document.core_properties.title = "Modèle de document"
    document.core_properties.author = "Jalon"
    target = io.BytesIO()
    document.save(target)
    return without_dates(target.getvalue(), datetime(2026, 1, 1, tzinfo=UTC))


def _page(document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin, section.bottom_margin = Mm(20), Mm(20)


def _styles(document) -> None:
    styles = document.styles
    default = styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    language = default.find(qn("w:lang"))
    language.set(qn("w:val"), "fr-FR")
    _font(styles["Normal"], 10.5, INK)
    styles["Normal"].paragraph_format.space_after = Pt(6)
    _font(styles["Title"], 20, TEAL, bold=True)
    _font(styles["Heading 1"], 13, TEAL, bold=True)
    _font(styles["Caption"], 10, INK, bold=True)
    styles["Caption"].paragraph_format.keep_with_next = True
    for name, size, colour, bold in (
        ("Administration", 13, TEAL, True),
        ("Adresse", 9, INK, False),
        ("Nature", 10.5, BRICK, True),
        ("Avertissement", 12, BRICK, True),
    ):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Normal"]
        style.paragraph_format.space_after = Pt(2)
        _font(style, size, colour, bold=bold)


def _font(style, size: float, colour: RGBColor, *, bold: bool = False) -> None:
    style.font.name, style.font.size, style.font.bold = "Arial", Pt(size), bold
    style.font.color.rgb = colour
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)


def _table(document) -> None:
    """A head row that a reader's voice and each new page repeat, then the rows."""
    table = document.add_table(rows=4, cols=3, style="Light Grid Accent 1")
    head, opening, row, closing = table.rows
    _cells(head, "{%tc for label in section.table.head %}", "{{ label }}", "{%tc endfor %}")
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    head._tr.get_or_add_trPr().append(mark)
    _cells(opening, "{%tr for row in section.table.rows %}")
    _cells(row, "{%tc for cell in row %}", "{{ cell }}", "{%tc endfor %}")
    _cells(closing, "{%tr endfor %}")


def _cells(row, *texts: str) -> None:
    for cell, text in zip(row.cells, texts, strict=False):
        cell.text = text


def _running_lines(document) -> None:
    section = document.sections[0]
    head = section.header.paragraphs[0]
    head.text = "{% if is_draft %}PROJET · {% endif %}{{ running }}"
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.LEFT
    foot.add_run("{{ footer }}  page ")
    _field(foot, "PAGE")
    foot.add_run(" / ")
    _field(foot, "NUMPAGES")


def _field(paragraph, name: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)
