"""What can be found in the one box: each app fills this in its AppConfig.ready."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Expression, F, QuerySet, Value

EMPTY = Value("")


@dataclass(frozen=True)
class SearchKind:
    """One kind of thing.

    `visible_to(user)` is the app's own rule: nothing else is ever searched. `vector` is an indexed text search
    vector (a column, or the expression of an index), `title` the column compared when words are misspelt.
    `facts` is a line under the title, `text` where the words found are shown; `key` is what `address` takes.
    """

    code: str
    label: Any
    visible_to: Callable[[Any], QuerySet]
    address: Callable[[str], str]
    vector: Expression | F = field(default_factory=lambda: F("search_vector"))
    title: str = "title"
    facts: Expression | F = EMPTY
    text: Expression | F = EMPTY
    key: str = "pk"
    order: int = 50


_KINDS: dict[str, SearchKind] = {}
_DOCUMENT_READERS: dict[str, Callable[[Any], QuerySet | None]] = {}


def register(kind: SearchKind) -> None:
    """Declare a kind."""
    _KINDS[kind.code] = kind


def register_documents(kind_code: str, objects: Callable[[Any], QuerySet | None]) -> None:
    """Say whose documents of one kind a person reads: the objects they are about; None when anyone does.

    It must say what the kind's own `can_see` says; a test compares them.
    """
    _DOCUMENT_READERS[kind_code] = objects


def kinds() -> list[SearchKind]:
    """Every kind, in the order of the page."""
    return sorted(_KINDS.values(), key=lambda kind: (kind.order, kind.code))


def find(code: str) -> SearchKind | None:
    """The kind called `code`, if any."""
    return _KINDS.get(code)


def document_readers() -> dict[str, Callable[[Any], QuerySet | None]]:
    """Document kind → objects whose documents a person reads."""
    return dict(_DOCUMENT_READERS)
