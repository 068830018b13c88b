"""From the frozen facts of a row to the orders that the press carries out, one for each form of its kind."""

import base64
import json
from datetime import UTC
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from foundation.documents import appearance, registry
from foundation.documents.enums import DocumentForm
from foundation.documents.models import Document
from foundation.documents.press.operator import Press
from foundation.documents.press.printed import Printed

LOGO = "letterhead/logo.png"


def print_document(document: Document) -> list[Printed]:
    """Every form of the document, the main one first. Raises what a template raises, and JobError."""
    with translation.override("fr"):
        orders = orders_of(document)
    return press().print(orders)


@cache
def press() -> Press:
    """The press of this process, within the limits of the settings."""
    return Press(
        seconds=settings.DOCUMENTS_SECONDS, megabytes=settings.DOCUMENTS_MEGABYTES, folder=str(folder())
    )


@cache
def folder() -> Path:
    """Where our printed files are: style, fonts, mark."""
    return Path(finders.find("documents/print.css")).parent


def orders_of(document: Document) -> list[dict]:
    """What the press is told: JSON only."""
    makers = {DocumentForm.PDF: _page, DocumentForm.DOCX: _words, DocumentForm.XLSX: _workbook}
    common = {"created_at": document.created_at.astimezone(UTC).isoformat(), "is_draft": document.is_draft}
    look = appearance.of(document)
    kind = registry.find(document.kind)
    return [{"form": form, **common, **makers[form](document, kind, look)} for form in kind.forms]


def html_of(document: Document) -> str:
    """The page that will be printed: the template of the kind filled with the frozen facts, in French."""
    with translation.override("fr"):
        return _html(document, registry.find(document.kind), appearance.of(document))


def _html(document: Document, kind: registry.DocumentKind, look: appearance.Appearance) -> str:
    context = {"document": document, "facts": document.facts, "kind": kind, "look": look, "logo": LOGO}
    if kind.sections:
        context["sections"] = list(kind.sections(document))
    # Our fonts have no narrow space: without this, thousands run together in a foreign font.
    return render_to_string(kind.template, context).replace("\u202f", "\u00a0")


def _page(document: Document, kind: registry.DocumentKind, look: appearance.Appearance) -> dict:
    source = {
        "kind": document.kind,
        "number": document.number,
        "title": document.title,
        "facts": document.facts,
    }
    return {
        "html": _html(document, kind, look),
        "identifier": document.pk.bytes.hex(),
        "folder": str(folder()),
        "files": {LOGO: base64.b64encode(look.logo).decode()} if look.logo else {},
        "archive": kind.is_archive,
        "source": json.dumps(source, ensure_ascii=False, sort_keys=True, indent=1) if kind.is_archive else "",
    }


def _words(document: Document, kind: registry.DocumentKind, look: appearance.Appearance) -> dict:
    day = date_format(localtime(document.created_at), "j F Y")
    dated = _("établi le %(day)s") % {"day": day}
    return {
        "issuer": look.name,
        "author": look.name or "Jalon",
        "address": look.address,
        "logo": base64.b64encode(look.logo).decode(),
        "logo_alternative": look.logo_alternative,
        "kind": str(kind.label),
        "title": document.title,
        "date": f"N° {document.number}, {dated}" if document.number else dated,
        "sections": [section.order() for section in kind.sections(document)],
        "clauses": look.clauses_blocks,
        "running": document.number or document.title,
        "footer": look.footer,
        "colophon": _("Établi par Jalon, référence %(id)s.") % {"id": document.pk},
    }


def _workbook(document: Document, kind: registry.DocumentKind, look: appearance.Appearance) -> dict:
    return {
        "title": document.title,
        "author": look.name or "Jalon",
        "sheets": [sheet.order() for sheet in kind.sheets(document)],
    }
