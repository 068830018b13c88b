"""From a page of HTML to a tagged, accessible PDF, without ever opening a foreign address.

The same job gives the same bytes: dates and identifier come from the job, never from the clock.
"""

import base64
import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import weasyprint
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from foundation.documents.press import tagging
from foundation.documents.press.printed import Printed

# The only addresses a printed page may name: « printed:print.css » is static/documents/print.css.
OWN_FILE = re.compile(r"printed:(?P<name>[a-z0-9-]+(/[a-z0-9-]+)*\.(?P<suffix>css|woff2|ttf|svg|png))")
MIME = {
    "css": "text/css",
    "woff2": "font/woff2",
    "ttf": "font/ttf",
    "svg": "image/svg+xml",
    "png": "image/png",
}
ACCESSIBLE, ARCHIVE = "pdf/ua-1", "pdf/a-3a"


@dataclass(frozen=True)
class PageJob:
    """A page to print. `folder` holds our printed files; `files` adds pictures known to this page only, by name.

    `archive` makes a PDF/A-3 that also keeps the rules of PDF/UA-1 and carries `source`, the JSON it was made from.
    """

    html: str
    identifier: bytes
    created_at: datetime
    folder: Path
    files: dict[str, bytes] = field(default_factory=dict)
    archive: bool = False
    source: str = ""


class ForeignAddressError(FatalURLFetchingError):
    """A page or a fact named an address that is not one of our printed files."""


class OwnFilesOnly(URLFetcher):
    """Gives WeasyPrint the files of one folder and refuses everything else: no network, no other disk."""

    def __init__(self, folder: Path, files: dict[str, bytes] | None = None):
        super().__init__()
        self.folder, self.files = folder, files or {}

    def fetch(self, url, headers=None):
        """Read one of our files. Raises ForeignAddressError, which stops the rendering, for any other."""
        match = OWN_FILE.fullmatch(url)
        content = self._content(match["name"]) if match else None
        if content is None:
            raise ForeignAddressError("Address refused in a printed document")
        return URLFetcherResponse(url, content, {"Content-Type": MIME[match["suffix"]]})

    def _content(self, name: str) -> bytes | None:
        if name in self.files:
            return self.files[name]
        path = self.folder / name
        return path.read_bytes() if path.is_file() else None


def print_page(job: PageJob) -> Printed:
    """Lay the page out and write it with what WeasyPrint leaves unsaid of the accessible structure."""
    variant = ARCHIVE if job.archive else ACCESSIBLE
    style, fonts = style_and_fonts(job.folder)
    page = weasyprint.HTML(string=job.html, url_fetcher=OwnFilesOnly(job.folder, job.files))
    laid_out = page.render(stylesheets=[style], font_config=fonts, pdf_variant=variant)
    stamp = job.created_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    laid_out.metadata.created = laid_out.metadata.modified = stamp
    if job.archive:
        laid_out.metadata.attachments = [_source(job)]
    finisher = tagging.finish_archive if job.archive else tagging.finish
    content = laid_out.write_pdf(finisher=finisher, pdf_variant=variant, pdf_identifier=job.identifier)
    return Printed(form="pdf", content=content, pages=len(laid_out.pages))


def _source(job: PageJob) -> weasyprint.Attachment:
    return weasyprint.Attachment(
        string=job.source,
        name="faits.json",
        description="Les faits dont ce document est la forme imprimée",
        created=job.created_at,
        modified=job.created_at,
        relationship="Source",
    )


@lru_cache(maxsize=2)
def style_and_fonts(folder: Path) -> tuple[weasyprint.CSS, FontConfiguration]:
    """Our style and its fonts, read once per process: unpacking fonts costs more than laying out a page."""
    fonts = FontConfiguration()
    style = weasyprint.CSS(url="printed:print.css", url_fetcher=OwnFilesOnly(folder), font_config=fonts)
    return style, fonts


def page_job(order: dict) -> PageJob:
    """The job written in JSON by the worker."""
    return PageJob(
        html=order["html"],
        identifier=bytes.fromhex(order["identifier"]),
        created_at=datetime.fromisoformat(order["created_at"]),
        folder=Path(order["folder"]),
        files={name: base64.b64decode(content) for name, content in order["files"].items()},
        archive=order["archive"],
        source=order["source"],
    )
