"""Kinds of files behind signed links: each app says who may still read what."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from foundation.files.downloads import Download


@dataclass(frozen=True)
class LinkKind:
    """`find(user, object_id, at)` gives the file when this person may read it at this instant, None otherwise.

    It is asked twice: when the link is made, and again when it is followed.
    """

    code: str
    find: Callable[[object, str, datetime], Download | None]


_KINDS: dict[str, LinkKind] = {}


def register(kind: LinkKind) -> None:
    """Declare a kind, in AppConfig.ready."""
    _KINDS[kind.code] = kind


def find(code: str) -> LinkKind | None:
    """The kind called `code`, if any."""
    return _KINDS.get(code)


def codes() -> list[str]:
    """Every kind declared."""
    return sorted(_KINDS)
