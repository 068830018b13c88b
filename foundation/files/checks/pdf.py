"""PDF files: what acts by itself, what is attached, what cannot be read.

No reader is run on them: the words that make a PDF act must stand in a dictionary, written in clear or in a
compressed object stream, so both are searched, names being written back from their escapes (`/J#53`).
"""

import re
import zlib
from collections.abc import Iterator

from foundation.files import limits
from foundation.files.checks import signatures
from foundation.files.findings import Finding

_END = rb"(?=[\x00\t\n\f\r ()<>\[\]{}/%]|$)"
_ACTIVE = re.compile(
    rb"/(?:JavaScript|Launch|RichMedia|ImportData|SubmitForm|GoToE|GoToR|Rendition|XFA|Movie|Sound)" + _END
)
_SHORT_ACTIVE = re.compile(rb"/JS\s*(?:[(<]|\d+\s+\d+\s+R)")
_EMBEDDED = re.compile(rb"/(?:EmbeddedFiles?|FileAttachment)" + _END)
_ENCRYPTED = re.compile(rb"/Encrypt\s*(?:<<|\d+\s+\d+\s+R)")
_OPENS_ADDRESS = re.compile(rb"/(?:OpenAction|AA)\s*<<[^>]{0,400}/URI\b", re.DOTALL)
_OPEN_REFERENCE = re.compile(rb"/OpenAction\s+(\d+)\s+(\d+)\s+R")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_OBJECT_STREAM = re.compile(rb"^\s*\d+\s+\d+(?:\s+\d+\s+\d+)*\s*[<\[(/]")
_TWICE = re.compile(rb"/FlateDecode[\s\]]*/FlateDecode|/Fl\s*/Fl\b")
_STEP = 256 * 1024


def check_pdf(content: bytes) -> None:
    """Raises Finding."""
    _check_frame(content)
    clear = _ESCAPE.sub(lambda match: bytes([int(match.group(1), 16)]), content)
    if _ENCRYPTED.search(clear):
        raise Finding("encrypted")
    _check_words(clear)
    _check_open_action(clear)
    if _TWICE.search(clear):
        raise Finding("bomb")
    del clear
    _check_streams(content)


def _check_frame(content: bytes) -> None:
    """Begins as a PDF, ends as one, and no other reader sees something else in it."""
    if not content.startswith(b"%PDF-"):
        raise Finding("mismatch")
    end = content.rfind(b"%%EOF")
    if end < 0:
        raise Finding("unreadable")
    tail = content[end + 5 :].strip(b"\x00\r\n\t ")
    if (
        len(tail) > limits.PDF_TAIL_BYTES
        or signatures.has_zip_inside(content)
        or signatures.MARKUP.search(tail)
    ):
        raise Finding("disguised")
    if signatures.MARKUP.search(content[:1024]):
        raise Finding("disguised")


def _check_words(text: bytes) -> None:
    if _ACTIVE.search(text) or _SHORT_ACTIVE.search(text) or _OPENS_ADDRESS.search(text):
        raise Finding("active")
    if _EMBEDDED.search(text):
        raise Finding("embedded")


def _check_open_action(text: bytes) -> None:
    """An address opened without a click; going to a page on opening is harmless and common."""
    for match in _OPEN_REFERENCE.finditer(text):
        number, generation = match.groups()
        place = re.search(rb"(?<!\d)" + number + rb"\s+" + generation + rb"\s+obj(.{0,400})", text, re.DOTALL)
        if place and b"/URI" in place.group(1).split(b"endobj")[0]:
            raise Finding("active")


def _check_streams(content: bytes) -> None:
    """Unpack every stream under one budget; search those that hold objects."""
    left = limits.PDF_UNPACKED_BYTES
    for start in _starts(content):
        left -= _check_stream(content, start, left)


def _starts(content: bytes) -> Iterator[int]:
    return (match.end() for match in _STREAM.finditer(content))


def _check_stream(content: bytes, start: int, left: int) -> int:
    unpacker = zlib.decompressobj()
    place, produced, kept = start, 0, b""
    searched: bool | None = None
    try:
        while not unpacker.eof and (unpacker.unconsumed_tail or place < len(content)):
            waiting = unpacker.unconsumed_tail
            if not waiting:
                waiting = content[place : place + _STEP]
                place += _STEP
            piece = unpacker.decompress(waiting, _STEP)
            produced += len(piece)
            if produced > left:
                raise Finding("bomb")
            if searched is None and piece:
                searched = bool(_OBJECT_STREAM.match(piece[:4096]))
            kept = _search(kept + piece, objects=bool(searched))
    except zlib.error:
        pass  # not compressed this way, or damaged: a reader will see no more than we did
    return produced


def _search(piece: bytes, *, objects: bool) -> bytes:
    """Search a piece; gives its end, so that nothing hides across two pieces."""
    if signatures.has_malware(piece):
        raise Finding("malware")
    if objects:
        _check_words(_ESCAPE.sub(lambda match: bytes([int(match.group(1), 16)]), piece))
    return piece[-128:]
