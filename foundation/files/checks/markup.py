"""XML without surprise: one encoding, no DTD, no entity. Used for office parts and for XML files."""

import re
from xml.parsers import expat  # DTDs are refused at the first one, entities with them

from foundation.files.findings import Finding

_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_PUBLIC_DOCTYPE = re.compile(rb"<!DOCTYPE[^\[>]*>", re.IGNORECASE)
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([\w.:-]+)["']""")
_PLAIN = {b"utf-8", b"utf8", b"us-ascii", b"ascii", b"iso-8859-1", b"iso-8859-15", b"windows-1252"}
_PAGES = {"http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg"}
_MAX_DEPTH = 1000


def plain(content: bytes, *, own_doctype: bool = False) -> bytes:
    """The XML as bytes where ASCII stands for itself. Raises Finding for a DTD or a rare encoding.

    `own_doctype`: old office programs name their DTD; it is let be as long as it declares nothing itself.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        content = _decoded(content, "utf-16")
    elif content[:4].count(b"\x00"):
        content = _decoded(content, "utf-16-be" if content[:1] == b"\x00" else "utf-16-le")
    else:
        declared = _DECLARED.match(content.removeprefix(b"\xef\xbb\xbf"))
        if declared and declared.group(1).lower() not in _PLAIN:
            raise Finding("encoding")
    if _DTD.search(_PUBLIC_DOCTYPE.sub(b"", content, count=1) if own_doctype else content):
        raise Finding("active")
    return content


def _decoded(content: bytes, encoding: str) -> bytes:
    try:
        return content.decode(encoding).encode()
    except UnicodeError as error:
        raise Finding("encoding") from error


def check_document(content: bytes) -> None:
    """A whole XML file: well formed, and not a page in disguise. Raises Finding."""
    plain(content)
    parser = expat.ParserCreate(namespace_separator=" ")
    depth = 0

    def start(name, _attributes):
        nonlocal depth
        depth += 1
        namespace, _space, local = name.rpartition(" ")
        if namespace in _PAGES or local.lower() in {"html", "svg", "script"} or depth > _MAX_DEPTH:
            raise Finding("markup")

    def end(_name):
        nonlocal depth
        depth -= 1

    def instruction(target, _data):
        if target.lower() == "xml-stylesheet":
            raise Finding("markup")

    def doctype(*_args):
        raise Finding("active")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.ProcessingInstructionHandler, parser.StartDoctypeDeclHandler = instruction, doctype
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise Finding("unreadable") from error
