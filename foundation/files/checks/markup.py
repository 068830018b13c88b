"""XML without surprise: one encoding, no DTD, no entity. Used for office parts and for XML files.

Read once from end to end by expat, whose time grows as the size does; names are compared without their prefix, which
the author of a file chooses.
"""

import re
from collections.abc import Callable
from xml.parsers import expat  # DTDs are refused at the first one, entities with them

from foundation.files.findings import Finding

_DECLARED = re.compile(rb"""^\s{0,40}<\?xml[^>]{0,200}encoding\s{0,40}=\s{0,40}["']([\w.:-]{1,40})["']""")
_PLAIN = {b"utf-8", b"utf8", b"us-ascii", b"ascii", b"iso-8859-1", b"iso-8859-15", b"windows-1252", b"utf-16"}
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
_BYTE_ORDER = b"\xef\xbb\xbf"
_PAGES = {"http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg"}
_MAX_DEPTH = 1000


def looks_like_xml(content: bytes) -> bool:
    """Whether a reader would take it for XML, whatever its name."""
    head = content[:1024].removeprefix(_BYTE_ORDER)
    return head.lstrip().startswith(b"<") or head.startswith(_WIDE)


def local(name: str) -> str:
    """The name without its prefix."""
    return name.rpartition(":")[2]


def read(
    content: bytes,
    *,
    start: Callable[[str, dict], None],
    names: frozenset[str] | None = None,
    heard: dict[str, Callable[[str], None]] | None = None,
    own_doctype: bool = False,
) -> None:
    """Read a part: `start(local name, attributes by local name)` at each element, or at those in `names` only; for the
    elements named in `heard`, their whole text, however it is cut.

    Raises Finding for a DTD, a rare encoding, a fault of XML, or too many floors. `own_doctype`: old office programs
    name their DTD; it is let be as long as it declares nothing itself.
    """
    _check_encoding(content)
    _Reading(start, names, heard or {}, own_doctype).parse(content)


class _Reading:
    def __init__(self, start, names, heard, own_doctype: bool) -> None:
        self._start, self._names, self._heard, self._own_doctype = start, names, heard, own_doctype
        self._depth, self._listening, self._said = 0, "", []
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler, self._parser.EndElementHandler = self._open, self._close
        self._parser.StartDoctypeDeclHandler = self._doctype

    def parse(self, content: bytes) -> None:
        """Raises Finding."""
        try:
            self._parser.Parse(content, True)
        except (expat.ExpatError, ValueError, LookupError) as error:  # the last two: an encoding nobody has
            raise Finding("unreadable") from error

    def _open(self, name: str, attributes: dict) -> None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise Finding("markup")
        name = local(name)
        if self._names is None or name in self._names:
            self._start(name, {local(key): value for key, value in attributes.items()})
        if name in self._heard and not self._listening:
            self._listening, self._said, self._floor = name, [], self._depth
            self._parser.CharacterDataHandler = self._said.append

    def _close(self, _name: str) -> None:
        if self._listening and self._depth == self._floor:
            heard, self._listening = self._heard[self._listening], ""
            self._parser.CharacterDataHandler = None
            heard("".join(self._said))
        self._depth -= 1

    def _doctype(self, _name, _system, _public, has_own_declarations) -> None:
        if has_own_declarations or not self._own_doctype:
            raise Finding("active")


def _check_encoding(content: bytes) -> None:
    declared = _DECLARED.match(content[:1024].removeprefix(_BYTE_ORDER))
    if declared and declared.group(1).lower() not in _PLAIN:
        raise Finding("encoding")


def check_document(content: bytes) -> None:
    """A whole XML file: well formed, and not a page in disguise. Raises Finding."""
    _check_encoding(content)
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
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Finding("unreadable") from error
