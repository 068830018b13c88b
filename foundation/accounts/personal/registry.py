"""The sections of one's data, and what forbids to erase them for now; each app declares its own."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from foundation.errors import Reason


def _nothing(user) -> None:
    """What is kept is not erased."""


@dataclass(frozen=True)
class Section:
    """One kind of data. `rows(user)`: as JSON, in a constant number of statements, however many there are.

    `erase(user)` removes them; without it they stay, and `kept_because` says by which rule.
    """

    code: str
    label: Any
    rows: Callable[[Any], Iterable[dict]]
    erase: Callable[[Any], Any] = _nothing
    kept_because: Any = ""


_sections: dict[str, Section] = {}
_obstacles: list[Callable[[Any], Iterable[Reason]]] = []


def register(*found: Section) -> None:
    """Declare sections. Raises ValueError when one says neither how it is erased nor why it stays."""
    for section in found:
        if bool(section.kept_because) == (section.erase is not _nothing):
            raise ValueError(f"Section « {section.code} »: either erased, or kept for a reason")
        _sections[section.code] = section


def register_obstacle(reasons: Callable[[Any], Iterable[Reason]]) -> None:
    """Declare what forbids for now: `reasons(user)` yields the sentences, empty when nothing does."""
    if reasons not in _obstacles:
        _obstacles.append(reasons)


def sections() -> list[Section]:
    """Every section, in the order of declaration: accounts first."""
    return list(_sections.values())


def obstacles(user) -> list[Reason]:
    """Why this person's data cannot be erased now; empty when they can."""
    return [reason for reasons in _obstacles for reason in reasons(user)]
