"""PDF files: what acts by itself, what is attached, what cannot be read.

A reader (qpdf) walks every object of the file, those of compressed streams too, whatever their filters and however
their names are written. Words that make a PDF act are also looked for in the bytes themselves: a program that rebuilds
a damaged file may see objects that the reader does not.
"""

import io
import re
import zlib
from collections.abc import Iterator

import pikepdf

from foundation.files import limits
from foundation.files.checks import invoices, signatures
from foundation.files.findings import Finding

ACTIVE = frozenset(
    f"/{name}"
    for name in (
        *("JavaScript", "JS", "Launch", "RichMedia", "RichMediaExecute", "ImportData", "SubmitForm"),
        *("GoToE", "GoToR", "Rendition", "XFA", "Movie", "Sound"),
    )
)
EMBEDDED = frozenset({"/EmbeddedFile", "/EmbeddedFiles", "/EF"})
_ATTACHED_ON_A_PAGE = "/FileAttachment"
_OPENING = ("/OpenAction", "/AA")
_TELLING = re.compile(
    rb"/(?:JavaScript|JS|Launch|RichMedia|ImportData|SubmitForm|GoTo[ER]|Rendition|XFA|Movie|Sound|EmbeddedFile|EF"
    rb"|FileAttachment|OpenAction|AA)"
)
_NAME = re.compile(rb"/[A-Za-z0-9#]{2,60}")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM_INSIDE = re.compile(rb">>\s{0,20}stream\r?\n")
_TOO_SHORT = 4
"""Bytes under which a name may stand by chance in a compressed picture."""
_GROWING = {"/FlateDecode", "/Fl", "/LZWDecode", "/LZW", "/RunLengthDecode", "/RL"}
_FLATE = ["/FlateDecode"]
_STEP = 256 * 1024


def warm() -> None:
    """Have the reader read what it only reads at its first use."""
    made = io.BytesIO()
    with pikepdf.Pdf.new() as pdf:
        pdf.add_blank_page()
        with pdf.open_metadata() as said:
            said["dc:title"] = "x"
        pdf.save(made)
    check_pdf(made.getvalue())
    with pikepdf.open(made) as pdf:
        invoices.is_archive(pdf)


def check_pdf(content: bytes, *, takes_invoice: bool = False) -> None:
    """Raises Finding. `takes_invoice`: the XML of an invoice may be attached to it."""
    _check_frame(content)
    _check_names(content, EMBEDDED if takes_invoice else frozenset())
    try:
        with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                raise Finding("encrypted")
            _check_objects(pdf, takes_invoice=takes_invoice)
    except pikepdf.PasswordError as error:
        raise Finding("encrypted") from error
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RuntimeError) as error:
        raise Finding("encrypted" if "encrypt" in str(error) else "unreadable") from error


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


def _check_names(content: bytes, ignored: frozenset[str]) -> None:
    """The words themselves, written in clear or with escapes."""
    for match in _NAME.finditer(content):
        found = match.group()
        name = (_ESCAPE.sub(_unescaped, found) if b"#" in found else found).decode("latin-1")
        if len(name) >= _TOO_SHORT and name not in ignored:
            _check_name(name)


def _unescaped(match: re.Match) -> bytes:
    return bytes([int(match.group(1), 16)])


def _check_name(name: str) -> None:
    if name in ACTIVE:
        raise Finding("active")
    if name in EMBEDDED or name == _ATTACHED_ON_A_PAGE:
        raise Finding("embedded")


def _check_objects(pdf: pikepdf.Pdf, *, takes_invoice: bool) -> None:
    left, followed, carried = limits.PDF_UNPACKED_BYTES, set(), []
    ignored = EMBEDDED if takes_invoice else frozenset()
    for found in pdf.objects:  # a name may be an object by itself
        if isinstance(found, pikepdf.Stream):
            left -= _check_stream(found, left, ignored)
            found = found.stream_dict  # noqa: PLW2901
        if isinstance(found, pikepdf.Object) and _TELLING.search(found.unparse(resolved=True)):
            carried += _check_object(found, followed)
    if carried:
        if not takes_invoice or carried.count("/EF") != 1:
            raise Finding("embedded")
        invoices.check_only_invoice(pdf)


def _check_object(found: pikepdf.Object, followed: set) -> list[str]:
    """Look at the names of one object and of what it holds itself; gives those by which it carries files."""
    carried, waiting = [], [found]
    while waiting:
        value = waiting.pop()
        if isinstance(value, pikepdf.Name):
            carried += _carrying(str(value))
        elif isinstance(value, pikepdf.Array):
            waiting.extend(_held(value))
        elif isinstance(value, pikepdf.Dictionary):
            for key, inner in value.items():
                carried += _carrying(key)
                if key in _OPENING:
                    _check_opening(inner, followed)
                if not _is_elsewhere(inner):
                    waiting.append(inner)
    return carried


def _carrying(name: str) -> list[str]:
    if name in EMBEDDED:
        return [name]
    _check_name(name)
    return []


def _held(array: pikepdf.Array) -> Iterator[pikepdf.Object]:
    return (inner for inner in array if not _is_elsewhere(inner))


def _is_elsewhere(value: object) -> bool:
    """Whether the value is another object of the file, met for itself."""
    return isinstance(value, pikepdf.Object) and value.is_indirect


def _check_opening(action: pikepdf.Object, followed: set) -> None:
    """An address opened without a click; going to a page on opening is harmless and common."""
    waiting = [action]
    while waiting:
        value = waiting.pop()
        if _is_elsewhere(value):
            if value.objgen in followed:
                continue
            followed.add(value.objgen)
        if isinstance(value, pikepdf.Dictionary):
            if value.get("/S") == "/URI":
                raise Finding("active")
            waiting.extend(inner for key, inner in value.items() if key not in {"/D", "/SD", "/Parent", "/P"})
        elif isinstance(value, pikepdf.Array) and not _is_place(value):
            waiting.extend(value)


def _is_place(array: pikepdf.Array) -> bool:
    """Whether it says where to go: a page, then how to show it."""
    return len(array) > 1 and isinstance(array[1], pikepdf.Name)


def _check_stream(found: pikepdf.Stream, left: int, ignored: frozenset[str]) -> int:
    """Unpack a stream under what is left of the budget; gives its size."""
    filters = _filters(found)
    if sum(name in _GROWING for name in filters) > 1:
        raise Finding("bomb")
    holds_objects = found.get("/Type") in ("/ObjStm", "/XRef")
    if holds_objects and filters not in ([], _FLATE):
        raise Finding("disguised")
    produced, kept = 0, b""
    for piece in _pieces(found, filters):
        produced += len(piece)
        if produced > left:
            raise Finding("bomb")
        if signatures.has_malware(kept + piece):
            raise Finding("malware")
        if holds_objects:
            _check_holder(kept + piece, ignored)
        kept = piece[-128:]
    return produced


def _check_holder(piece: bytes, ignored: frozenset[str]) -> None:
    """What an object stream holds: words in clear, and no stream (ISO 32000-1, 7.5.7)."""
    _check_names(piece, ignored)
    if _STREAM_INSIDE.search(piece):
        raise Finding("disguised")


def _filters(found: pikepdf.Stream) -> list[str]:
    said = found.get("/Filter", [])
    return [str(name) for name in said] if isinstance(said, pikepdf.Array) else [str(said)] if said else []


def _pieces(found: pikepdf.Stream, filters: list[str]) -> Iterator[bytes]:
    """The content, unpacked by steps: one compression is usual, the others are rare and small."""
    if filters == _FLATE:
        yield from _inflated(found.read_raw_bytes())
    elif set(filters) <= _GROWING | {"/ASCIIHexDecode", "/AHx", "/ASCII85Decode", "/A85"}:
        yield found.read_bytes()
    else:
        yield found.read_raw_bytes()  # a picture


def _inflated(packed: bytes) -> Iterator[bytes]:
    unpacker = zlib.decompressobj()
    try:
        piece = unpacker.decompress(packed, _STEP)
        while piece:
            yield piece
            piece = b"" if unpacker.eof else unpacker.decompress(unpacker.unconsumed_tail, _STEP)
    except zlib.error:
        return  # damaged: a reader will see no more than we did
