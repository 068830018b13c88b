"""From plain sections to a Word file: the template `document.docx` filled by docxtpl, every value escaped."""

import base64
import io
import re
from datetime import datetime
from pathlib import Path

from docx.oxml.ns import qn
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage

from foundation.documents.press.printed import Printed
from foundation.documents.press.sealed_zip import without_dates

UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
PICTURE = qn("wp:docPr")
TEMPLATE = Path(__file__).parent / "document.docx"


def print_words(order: dict) -> Printed:
    """Fill the template with letter-head, title, sections (paragraphs and tables), clauses and colophon."""
    document = DocxTemplate(TEMPLATE)
    context = {key: _printable(value) for key, value in order.items() if key != "logo"}
    context["logo"] = _logo(document, order)
    document.render(context, autoescape=True)
    for picture in document.docx.element.body.iter(PICTURE):
        picture.set("descr", order["logo_alternative"])
    properties = document.docx.core_properties
    properties.title, properties.author, properties.language = order["title"], order["author"], "fr-FR"
    properties.comments, properties.keywords, properties.last_modified_by = "", "", ""
    target = io.BytesIO()
    document.save(target)
    content = without_dates(target.getvalue(), datetime.fromisoformat(order["created_at"]))
    return Printed(form="docx", content=content)


def _printable(value):
    """The same without the control characters that XML does not know: they would cut the file short."""
    if isinstance(value, str):
        return UNPRINTABLE.sub("", value)
    if isinstance(value, dict):
        return {key: _printable(inner) for key, inner in value.items()}
    return [_printable(inner) for inner in value] if isinstance(value, list | tuple) else value


def _logo(document: DocxTemplate, order: dict):
    """The logo with its words for who does not see it; an empty text without one."""
    if not order["logo"]:
        return ""
    return InlineImage(document, io.BytesIO(base64.b64decode(order["logo"])), height=Mm(18))
