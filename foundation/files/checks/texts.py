"""Plain texts: readable, and not a page, a program or a formula in disguise."""

import re

from foundation.files.checks import markup, signatures
from foundation.files.findings import Finding

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_JSON_START = re.compile(r'^[\s\ufeff]*([{\["0-9-]|true|false|null)')
_CELL_WITH_FORMULA = re.compile(r"""(?:^|[;,\t"])[ \r\f\v\xa0]{0,20}[=+@-]([^;,\t|]{0,40})\|""")


def check_text(extension: str, content: bytes) -> None:
    """Raises Finding."""
    if extension == "xml":
        markup.check_document(content)
        return
    if signatures.MARKUP.match(content[:1024].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")):
        raise Finding("markup")
    text = _read(content)
    if _CONTROLS.search(text):
        raise Finding("encoding")
    if extension == "json" and not _JSON_START.match(text):
        raise Finding("mismatch")
    if extension == "csv" and "|" in text and any(_runs(line) for line in text.split("\n")):
        raise Finding("formula")
    if extension != "md" and signatures.MARKUP.match(text[:1024].lstrip("\ufeff \t\r\n").encode()):
        raise Finding("markup")


def _read(content: bytes) -> str:
    """UTF-8, UTF-16 with its mark, or the old western encoding that spreadsheets still write."""
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ("utf-16",) if wide else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeError:
            continue
    raise Finding("encoding")


def _runs(line: str) -> bool:
    """Whether a cell of the line calls a program (DDE): « =cmd|' /c calc'!A0 »."""
    return "|" in line and any(
        "!" in line[m.end() : m.end() + 300] for m in _CELL_WITH_FORMULA.finditer(line)
    )
