"""OpenDocument files: macros, passwords, linked content."""

import re

from foundation.files.checks import markup, signatures
from foundation.files.checks.archives import Entry
from foundation.files.findings import Finding
from foundation.files.profiles import FORMATS

_MACROS = re.compile(
    r"^(Basic|Scripts|Dialogs)/.|\.(exe|dll|js|vbs|bsh|py|jar|class|ps1|bat)$", re.IGNORECASE
)
_RUNS = {"event-listener", "script", "execute-macro"}
_EXCHANGES = {"dde-source", "dde-connection", "dde-connection-decl", "dde-link"}
_FETCHES = {
    *(
        "image",
        "object",
        "object-ole",
        "plugin",
        "applet",
        "floating-frame",
        "section-source",
        "table-source",
    ),
    *("cell-range-source", "background-image", "fill-image", "sound", "form", "font-face-uri", "auto-reload"),
}
_ELSEWHERE = re.compile(r"\s{0,40}(?:\w[\w+.-]{1,40}:|//|\\\\|\.\./)")
_BAD_LINK = re.compile(
    r"\s{0,40}(?:javascript|vbscript|data|macro|vnd\.sun\.star\.\w+|service|ms-[\w-]+|\.uno)\s*:|\\\\",
    re.IGNORECASE,
)
_SCRIPT_ADDRESS = "vnd.sun.star.script:"
_FORMULA_ACTS = re.compile(r"\b(WEBSERVICE|DDE|CALL|EXEC)\s{0,20}\(", re.IGNORECASE)


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
    if name.lower().endswith((".xml", ".rdf")) or markup.looks_like_xml(content):
        markup.read(content, start=_check_element, own_doctype=True)


def _is_empty_library(name: str, content: bytes) -> bool:
    """LibreOffice writes the index of its libraries even where there is no macro."""
    return name.endswith("-lc.xml") or (name.endswith("-lb.xml") and b"<library:element " not in content)


def _check_element(name: str, facts: dict[str, str]) -> None:
    if name in _RUNS or "macro-name" in facts:
        raise Finding("macros")
    if name in _EXCHANGES:
        raise Finding("external")
    if "formula" in facts:
        _check_formula(facts["formula"])
    href = facts.get("href")
    if href is None:
        return
    if _SCRIPT_ADDRESS in href.lower():
        raise Finding("macros")
    if name in _FETCHES and _ELSEWHERE.match(href):
        raise Finding("external")
    if name == "a" and _BAD_LINK.match(href):
        raise Finding("active")


def _check_formula(said: str) -> None:
    pipe = said.find("|")
    if _FORMULA_ACTS.search(said) or (pipe >= 0 and "!" in said[pipe:]):
        raise Finding("formula")
