"""Word, Excel and PowerPoint files (OOXML): what runs, what is fetched from outside, what is hidden inside."""

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
    r"macroEnabled|vbaProject|ms-office\.activeX|ms-excel\.(macro|intlmacro)sheet", re.IGNORECASE
)
_LINKS_ELSEWHERE = re.compile(
    r"(^|/)externallinks/|(^|/)webextensions/|(^|/)connections\.xml$|(^|/)querytables/", re.IGNORECASE
)
_FIELD_RUNS = re.compile(r"\bDDE(AUTO)?\b|\bMACROBUTTON\b", re.IGNORECASE)
_FIELD_FETCHES = re.compile(r"\b(?:INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|DATABASE)\b", re.IGNORECASE)
_ADDRESS = re.compile(r"https?:|ftp:|file:|\\\\", re.IGNORECASE)
_FORMULA_ACTS = re.compile(
    r"\A[\s=+@-]*'?[\w.]+'?\|.*!|\b(?:CALL|EXEC|REGISTER(?:\.ID)?|WEBSERVICE|RTD|FORMULA\.FILL)\s{0,20}\(",
    re.IGNORECASE,
)
_LINK_OK = re.compile(r"^(https?://|mailto:|tel:|#|file:///|[^:/\\][^:\\]*$|/[^/\\]|$)", re.IGNORECASE)
_DRAWN_FROM = re.compile(
    rb"""src\s{0,20}=\s{0,20}["']?\s{0,20}(?:https?:|ftp:|file:|//|\\\\)""", re.IGNORECASE
)
_TELLING_ELEMENTS = frozenset({"ddeLink", "oleLink", "Relationship", "fldSimple"})
_PROGRAM_RELATIONS = {"vbaproject", "activexcontrol", "xlmacrosheet"}
_OPENED_RELATIONS = {"afchunk"}
"""A page or a letter of another format, put in the text when the file opens."""
EMBEDDABLE = {"docx", "xlsx", "pptx"}


def check_entries(extension: str, found: list[Entry]) -> list[Entry]:
    """Raises Finding for what must not be there; gives the office files embedded (a chart's data), to check."""
    types = next((entry.content for entry in found if entry.name == "[Content_Types].xml"), None)
    if types is None:
        raise Finding("mismatch")
    _check_types(extension, types)
    inner = []
    for entry in found:
        _check_part(entry)
        if entry.content.startswith(b"PK\x03\x04"):
            inner.append(entry)
    return inner


def _check_types(extension: str, types: bytes) -> None:
    if _MAIN[extension] not in types:
        raise Finding("mismatch")

    def start(_name: str, facts: dict) -> None:
        if _MACRO_TYPES.search(facts.get("ContentType", "")):
            raise Finding("macros")

    markup.read(types, start=start)


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
    if name.lower().endswith(".vml"):
        _check_old_drawing(content)
    elif name.lower().endswith((".xml", ".rels")) or markup.looks_like_xml(content):
        _Part().read(content)


def _check_old_drawing(content: bytes) -> None:
    """VML as Excel writes it is not always XML: only what it would fetch is looked for."""
    if _DRAWN_FROM.search(content):
        raise Finding("external")


class _Part:
    """What one part says as it is read: relations at once, formulas one by one, the fields of Word end to end, since an
    instruction may be cut into several runs.
    """

    def __init__(self) -> None:
        self._fields: list[str] = []

    def read(self, content: bytes) -> None:
        """Raises Finding."""
        formulas = ("f", "definedName", "formula", "formula1", "formula2")
        heard = {"instrText": self._fields.append, **dict.fromkeys(formulas, _check_formula)}
        markup.read(content, start=self._start, names=_TELLING_ELEMENTS, heard=heard)
        for joint in ("", " "):
            _check_field(joint.join(self._fields))

    def _start(self, name: str, facts: dict) -> None:
        if name in {"ddeLink", "oleLink"}:
            raise Finding("external")
        if name == "Relationship":
            _check_relation({key.lower(): value for key, value in facts.items()})
        elif "instr" in facts:
            self._fields.append(facts["instr"])


def _check_relation(facts: dict[str, str]) -> None:
    kind = facts.get("type", "").rsplit("/", 1)[-1].lower()
    if kind in _PROGRAM_RELATIONS:
        raise Finding("macros")
    if kind in _OPENED_RELATIONS:
        raise Finding("embedded")
    if facts.get("targetmode", "").lower() == "external" and (
        kind != "hyperlink" or not _LINK_OK.match(facts.get("target", "").strip())
    ):
        raise Finding("external")


def _check_field(said: str) -> None:
    """A field that runs, or one that fetches followed by an address: two searches, each from end to end once."""
    fetches = _FIELD_FETCHES.search(said)
    if _FIELD_RUNS.search(said) or (fetches and _ADDRESS.search(said, fetches.end())):
        raise Finding("external")


def _check_formula(said: str) -> None:
    if _FORMULA_ACTS.search(said):
        raise Finding("formula")
