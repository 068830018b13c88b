"""The kinds of documents the stages declare, each in the `ready` of its own application."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from foundation.documents.enums import DocumentForm
from foundation.documents.legal import RetentionClass


@dataclass(frozen=True)
class Variable:
    """A word that an administration may write in its clauses, « {{ titulaire }} ».

    `name` has lower-case letters only. `path` says where its value is among the facts: "holder.name".
    """

    name: str
    label: str
    example: str
    path: str = ""


@dataclass(frozen=True)
class Section:
    """A part of a Word document: paragraphs, then a table when it has a head. Every value is text."""

    title: str = ""
    paragraphs: tuple[str, ...] = ()
    caption: str = ""
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    def order(self) -> dict:
        """What the press is told."""
        table = {"caption": self.caption, "head": self.head, "rows": self.rows} if self.head else None
        return {"title": self.title, "paragraphs": self.paragraphs, "table": table}


@dataclass(frozen=True)
class Column:
    """A column of a sheet. `kind`: text, number, euros, days or date (amounts and dates as text in the rows)."""

    label: str
    kind: str = "text"
    width: int = 18


@dataclass(frozen=True)
class Sheet:
    """One table of a workbook; `notes` stand between the title and the table."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    notes: tuple[str, ...] = ()

    def order(self) -> dict:
        """What the press is told."""
        return asdict(self)


@dataclass(frozen=True)
class DocumentKind:
    """What must be known of a kind of document to number, print and show it.

    `template` extends `documents/base.html` and receives `document` and `facts`; `sections(document)` gives the words
    of the Word form and `sheets(document)` the tables of the spreadsheet. `forms` are made together, the first is the
    main one. `is_archive` makes the PDF a PDF/A-3 that carries the facts. `numbering` is the prefix of its gapless
    yearly series ("PV" gives PV-2026-0001), or empty when no number is due. `can_see(user, document)` decides alone
    who may know that the document exists; `see_many(user, documents)` keeps those that it may know of,
    asking the database once, and must say the same. `variables` are those of its clauses, beside the common ones.
    """

    code: str
    label: str
    can_see: Callable
    template: str = ""
    numbering: str = ""
    forms: tuple[DocumentForm, ...] = (DocumentForm.PDF,)
    sections: Callable[[Any], Iterable[Section]] | None = None
    sheets: Callable[[Any], Iterable[Sheet]] | None = None
    is_archive: bool = False
    retention: RetentionClass = RetentionClass.PROCEDURE
    variables: tuple[Variable, ...] = ()
    takes_clauses: bool = True
    see_many: Callable[[Any, list], Iterable] | None = None


@dataclass(frozen=True)
class Dossier:
    """All the documents of an object and of what belongs to it, offered as one file.

    `find(user, pk)` returns the object if this person may open its dossier, None otherwise. `parts(obj)` lists the
    pairs (model label, identifiers) whose documents belong to it. `page(obj)` is the address of the object.
    """

    code: str
    label: str
    find: Callable[[Any, str], Any]
    parts: Callable[[Any], Iterable[tuple[str, Iterable[str]]]]
    page: Callable[[Any], str]


Followers = Callable[[list], Iterable[tuple[str, Iterable]]]
_FOLLOWERS: dict[str, list[Followers]] = {}
_KINDS: dict[str, DocumentKind] = {}
_DOSSIERS: dict[str, Dossier] = {}


def register(kind: DocumentKind) -> None:
    """Declare a kind. Raises ValueError when another kind holds the same code, or when a form has no source."""
    sources = {"pdf": kind.template, "docx": kind.sections, "xlsx": kind.sheets}
    if missing := [form for form in kind.forms if not sources[form]]:
        raise ValueError(f"Document kind {kind.code}: nothing to make {missing} from")
    known = _KINDS.setdefault(kind.code, kind)
    if known is not kind and known != kind:
        raise ValueError(f"Document kind declared twice: {kind.code}")


def find(code: str) -> DocumentKind:
    """The declared kind. Raises LookupError when no application declares it."""
    try:
        return _KINDS[code]
    except KeyError:
        raise LookupError(f"Unknown document kind: {code}") from None


def kinds() -> list[DocumentKind]:
    """Every declared kind, by code."""
    return [_KINDS[code] for code in sorted(_KINDS)]


def register_dossier(dossier: Dossier) -> None:
    """Declare how the documents of an object are gathered; the same code twice replaces the first."""
    _DOSSIERS[dossier.code] = dossier


def dossier(code: str) -> Dossier | None:
    """The declared dossier, None for an unknown code."""
    return _DOSSIERS.get(code)


_READY_LISTENERS: list[Callable[[Any, datetime], None]] = []


def on_ready(listener: Callable[[Any, datetime], None]) -> None:
    """Have `listener(document, at)` called in the transaction that makes a document ready."""
    if listener not in _READY_LISTENERS:
        _READY_LISTENERS.append(listener)


def tell_ready(document: Any, at: datetime) -> None:
    """Tell whoever asked that this document is ready."""
    for listener in _READY_LISTENERS:
        listener(document, at)


def register_followers(object_type: str, followers: Followers) -> None:
    """Have the term of other documents begin with those of an object of a lower stage.

    `followers(identifiers)` lists the pairs (model label, identifiers) of the objects that follow these.
    """
    _FOLLOWERS.setdefault(object_type, []).append(followers)


def followers_of(object_type: str, identifiers: list) -> list[tuple[str, Iterable]]:
    """The objects whose documents follow those of these objects."""
    return [pair for followers in _FOLLOWERS.get(object_type, ()) for pair in followers(identifiers)]
