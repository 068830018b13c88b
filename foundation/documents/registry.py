"""The kinds of documents the stages declare, each in the `ready` of its own application."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class DocumentKind:
    """What must be known of a kind of document to number, print and show it.

    `template` extends `documents/base.html` and receives `document` and `facts`. `numbering` is the
    prefix of its gapless yearly series ("PV" gives PV-2026-0001), or empty when no number is due.
    `can_see(user, document)` decides alone who may know that the document exists.
    """

    code: str
    label: str
    template: str
    can_see: Callable
    numbering: str = ""


_KINDS: dict[str, DocumentKind] = {}


def register(kind: DocumentKind) -> None:
    """Declare a kind. Raises ValueError when another kind already holds the same code."""
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
