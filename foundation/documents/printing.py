"""From frozen facts to a tagged, accessible PDF (PDF/UA-1), without ever opening a foreign address.

The same row gives the same bytes: dates and identifier come from the row, never from the clock.
"""

import re
from dataclasses import dataclass
from datetime import UTC
from functools import cache
from pathlib import Path

import weasyprint
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from foundation.documents import registry, tagging
from foundation.documents.models import Document

# The only addresses a printed template may name: « printed:print.css » is static/documents/print.css.
OWN_FILE = re.compile(r"printed:(?P<name>[a-z0-9-]+(/[a-z0-9-]+)*\.(?P<suffix>css|woff2|ttf|svg|png))")
MIME = {
    "css": "text/css",
    "woff2": "font/woff2",
    "ttf": "font/ttf",
    "svg": "image/svg+xml",
    "png": "image/png",
}


@dataclass(frozen=True)
class Pdf:
    """A whole PDF in memory and its number of pages."""

    content: bytes
    pages: int


class ForeignAddressError(FatalURLFetchingError):
    """A template or a fact named an address that is not one of our printed files."""


class OwnFilesOnly(URLFetcher):
    """Gives WeasyPrint the files of static/documents and refuses everything else: no network, no disk."""

    def fetch(self, url, headers=None):
        """Read one of our files. Raises ForeignAddressError, which stops the rendering, for any other."""
        match = OWN_FILE.fullmatch(url)
        path = finders.find(f"documents/{match['name']}") if match else None
        if path is None:
            raise ForeignAddressError("Address refused in a printed document")
        return URLFetcherResponse(url, Path(path).read_bytes(), {"Content-Type": MIME[match["suffix"]]})


def html_of(document: Document) -> str:
    """The page that will be printed: the template of the kind filled with the frozen facts, in French."""
    kind = registry.find(document.kind)
    with translation.override("fr"):
        context = {"document": document, "facts": document.facts, "kind": kind}
        # Our fonts have no narrow space: without this, thousands run together in a foreign font.
        return render_to_string(kind.template, context).replace("\u202f", "\u00a0")


def pdf_of(document: Document) -> Pdf:
    """Lay the document out. Raises what the template or WeasyPrint raises, and ForeignAddressError."""
    return print_html(html_of(document), identifier=document.pk.bytes, created_at=document.created_at)


def print_html(html: str, *, identifier: bytes, created_at) -> Pdf:
    """Print a page as PDF/UA-1, with what WeasyPrint leaves unsaid of the accessible structure."""
    style, fonts = _style()
    page = weasyprint.HTML(string=html, url_fetcher=OwnFilesOnly())
    laid_out = page.render(stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1")
    stamp = created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    laid_out.metadata.created = laid_out.metadata.modified = stamp
    content = laid_out.write_pdf(finisher=tagging.finish, pdf_variant="pdf/ua-1", pdf_identifier=identifier)
    return Pdf(content=content, pages=len(laid_out.pages))


@cache
def _style() -> tuple[weasyprint.CSS, FontConfiguration]:
    """Our style and its fonts, read once per process: unpacking fonts costs more than laying out a page."""
    fonts = FontConfiguration()
    return weasyprint.CSS(url="printed:print.css", url_fetcher=OwnFilesOnly(), font_config=fonts), fonts
