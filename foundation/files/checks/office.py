"""Word, Excel and PowerPoint files (OOXML): what runs, what is fetched from outside, what is hidden inside."""

import html
import re

from foundation.files.checks import markup, signatures
from foundation.files.checks.archives import Entry
from foundation.files.findings import Finding

_MAIN = {
    "docx": b"wordprocessingml.document.main+xml",
    "xlsx": b"spreadsheetml.sheet.main+xml",
    "pptx": b"presentationml.presentation.main+xml",
}
_MACROS = re.compile(
    r"vbaproject|vbadata|(^|/)activex/|(^|/)macrosheets/|(^|/)dialogsheets/|customui|\.(exe|dll|js|vbs|wsf|hta|ps1|bat|cmd|scr)$",
    re.IGNORECASE,
)
_MACRO_TYPES = re.compile(
    rb"macroEnabled|vbaProject|ms-office\.activeX|ms-excel\.(macro|intlmacro)sheet", re.IGNORECASE
)
_LINKS_ELSEWHERE = re.compile(
    r"(^|/)externallinks/|(^|/)webextensions/|(^|/)connections\.xml$|(^|/)querytables/", re.IGNORECASE
)
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"""\b(Type|Target|TargetMode)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_FIELD = re.compile(rb"<w:instrText\b[^>]*>([^<]*)<|\bw:instr\s*=\s*\"([^\"]*)\"", re.IGNORECASE)
_FIELD_ACTS = re.compile(
    rb"\bDDE(AUTO)?\b|\bINCLUDE(TEXT|PICTURE)\b.*?(https?:|ftp:|file:|\\\\)|\bIMPORT\b\s+\"?(https?:|\\\\)|\bMACROBUTTON\b",
    re.IGNORECASE | re.DOTALL,
)
_FORMULA = re.compile(rb"<(?:x:)?(?:f|definedName)\b[^>]*>([^<]*)<", re.IGNORECASE)
_FORMULA_ACTS = re.compile(
    rb"^[\s=+@-]*'?[\w.]+'?\|.*!|\b(?:CALL|EXEC|REGISTER(?:\.ID)?|WEBSERVICE|RTD|FORMULA\.FILL)\s*\(",
    re.IGNORECASE,
)
_LINK_OK = re.compile(r"^(https?://|mailto:|tel:|#|file:///|[^:/\\][^:\\]*$|/[^/\\]|$)", re.IGNORECASE)
EMBEDDABLE = {"docx", "xlsx", "pptx"}


def check_entries(extension: str, found: list[Entry]) -> list[Entry]:
    """Raises Finding for what must not be there; gives the office files embedded (a chart's data), to check."""
    parts = {entry.name: entry.content for entry in found}
    types = parts.get("[Content_Types].xml")
    if types is None:
        raise Finding("mismatch")
    _check_types(extension, markup.plain(types))
    inner = []
    for entry in found:
        _check_part(entry)
        if entry.content.startswith(b"PK\x03\x04"):
            inner.append(entry)
    return inner


def _check_types(extension: str, types: bytes) -> None:
    if _MACRO_TYPES.search(types):
        raise Finding("macros")
    if _MAIN[extension] not in types:
        raise Finding("mismatch")


def _check_part(entry: Entry) -> None:
    name, content = entry.name, entry.content
    if _MACROS.search(name):
        raise Finding("macros")
    if _LINKS_ELSEWHERE.search(name):
        raise Finding("external")
    if content.startswith(signatures.OLE):
        raise Finding("embedded")
    if content.startswith(signatures.PROGRAMS) and not content.startswith(b"#!"):
        raise Finding("disguised")
    if name.lower().endswith((".xml", ".rels", ".vml")):
        content = markup.plain(content)
        if name.lower().endswith(".rels"):
            _check_relations(content)
        _check_fields(content)
        _check_formulas(content)


def _check_relations(content: bytes) -> None:
    for match in _RELATION.finditer(content):
        facts = {key.lower(): a or b for key, a, b in _ATTRIBUTE.findall(match.group())}
        kind = facts.get(b"type", b"").rsplit(b"/", 1)[-1].lower()
        target = html.unescape(facts.get(b"target", b"").decode("utf-8", "replace")).strip()
        if kind in {b"vbaproject", b"activexcontrol", b"xlmacrosheet"}:
            raise Finding("macros")
        if facts.get(b"targetmode", b"").lower() == b"external" and (
            kind != b"hyperlink" or not _LINK_OK.match(target)
        ):
            raise Finding("external")


def _check_fields(content: bytes) -> None:
    """Fields of Word; an instruction may be cut into several runs, so they are read end to end."""
    if b"instr" not in content:
        return
    pieces = [html.unescape((a or b).decode("utf-8", "replace")).encode() for a, b in _FIELD.findall(content)]
    if _FIELD_ACTS.search(b"".join(pieces)) or _FIELD_ACTS.search(b" ".join(pieces)):
        raise Finding("external")


def _check_formulas(content: bytes) -> None:
    for match in _FORMULA.finditer(content):
        text = html.unescape(match.group(1).decode("utf-8", "replace")).encode()
        if _FORMULA_ACTS.search(text):
            raise Finding("formula")
    if b"<ddeLink" in content or b":ddeLink" in content or b"<oleLink" in content:
        raise Finding("external")
