"""OpenDocument files: macros, passwords, linked content."""

import html
import re

from foundation.files.checks import markup, signatures
from foundation.files.checks.archives import Entry
from foundation.files.findings import Finding
from foundation.files.profiles import FORMATS

_MACROS = re.compile(
    r"^(Basic|Scripts|Dialogs)/.|\.(exe|dll|js|vbs|bsh|py|jar|class|ps1|bat)$", re.IGNORECASE
)
_SCRIPTS = re.compile(
    rb"vnd\.sun\.star\.script:|<script:event-listener\b|<office:script\b|macro-name\s*=", re.IGNORECASE
)
_DDE = re.compile(rb"<office:dde-source\b|<text:dde-connection|<table:dde-link\b|\bDDE\s*\(", re.IGNORECASE)
_LINKED = re.compile(
    rb"<(draw:image|draw:object|draw:object-ole|draw:plugin|draw:applet|draw:floating-frame|text:section-source"
    rb"|table:table-source|table:cell-range-source|style:background-image|presentation:sound|form:form)\b[^>]*?"
    rb"xlink:href\s*=\s*[\"']([^\"']*)[\"']",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(r"^\s*(\w[\w+.-]+:|//|\\\\|\.\./)")
_ANCHOR = re.compile(rb"<text:a\b[^>]*?xlink:href\s*=\s*[\"']([^\"']*)[\"']", re.IGNORECASE)
_BAD_LINK = re.compile(
    r"^\s*(javascript|vbscript|data|macro|vnd\.sun\.star\.\w+|service|ms-[\w-]+|\.uno)\s*:|^\\\\",
    re.IGNORECASE,
)
_FORMULA = re.compile(rb"table:formula\s*=\s*[\"']([^\"']*)[\"']")
_FORMULA_ACTS = re.compile(r"\b(WEBSERVICE|DDE|CALL|EXEC)\s*\(|\|.*!", re.IGNORECASE)


def check_entries(extension: str, found: list[Entry]) -> list[Entry]:
    """Raises Finding for what must not be there; gives the packages embedded, to check."""
    if not found or found[0].name != "mimetype" or found[0].content.strip() != FORMATS[extension].encode():
        raise Finding("mismatch")
    inner = []
    for entry in found:
        _check_part(entry)
        if entry.content.startswith(b"PK\x03\x04"):
            inner.append(entry)
    return inner


def _check_part(entry: Entry) -> None:
    name, content = entry.name, entry.content
    if _MACROS.search(name) and not _is_empty_library(name, content):
        raise Finding("macros")
    if content.startswith(signatures.OLE):
        raise Finding("embedded")
    if content.startswith(signatures.PROGRAMS):
        raise Finding("disguised")
    if name == "META-INF/manifest.xml" and b"encryption-data" in content:
        raise Finding("encrypted")
    if name.lower().endswith((".xml", ".rdf")):
        _check_xml(markup.plain(content, own_doctype=True))


def _is_empty_library(name: str, content: bytes) -> bool:
    """LibreOffice writes the index of its libraries even where there is no macro."""
    return name.endswith("-lc.xml") or (name.endswith("-lb.xml") and b"<library:element " not in content)


def _check_xml(content: bytes) -> None:
    if _SCRIPTS.search(content):
        raise Finding("macros")
    if _DDE.search(content):
        raise Finding("external")
    for match in _LINKED.finditer(content):
        if _ELSEWHERE.match(_text(match.group(2))):
            raise Finding("external")
    for match in _ANCHOR.finditer(content):
        if _BAD_LINK.match(_text(match.group(1))):
            raise Finding("active")
    for match in _FORMULA.finditer(content):
        if _FORMULA_ACTS.search(_text(match.group(1))):
            raise Finding("formula")


def _text(value: bytes) -> str:
    return html.unescape(value.decode("utf-8", "replace"))
