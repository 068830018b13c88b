"""What a delegation may be limited to: one object of a kind that a stage declares, since this room knows no stage.

A stage says which objects may be chosen (`register`) and, for each of its models, inside which of them an object lies
(`cover`): an order lies inside its agreement, a consultation inside itself and its purchase project.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet


@dataclass(frozen=True, slots=True)
class Perimeter:
    """One kind of object: `code` is the label of its model ("needs.PurchaseProject").

    `offered(user, organisation)` gives those that a person may lend a role for, in that organisation; `page(pk)` is the
    address of one.
    """

    code: str
    label: Any
    offered: Callable[[Any, Any], QuerySet]
    page: Callable[[str], str]


_KINDS: dict[str, Perimeter] = {}
_INSIDE: dict[str, Callable[[Any], Iterable[tuple[str, Any]]]] = {}


def register(kind: Perimeter) -> None:
    """Let delegations be limited to objects of this kind."""
    _KINDS[kind.code] = kind


def cover(model: type[Model], inside: Callable[[Any], Iterable[tuple[str, Any]]]) -> None:
    """Say inside which objects (code, key) an object of `model` lies; a key that is None counts for nothing."""
    _INSIDE[model._meta.label] = inside


def kinds() -> list[Perimeter]:
    """The kinds that a delegation may be limited to, in the order of the stages."""
    return list(_KINDS.values())


def find(code: str) -> Perimeter | None:
    """The kind of this code; None when no stage declares it."""
    return _KINDS.get(code)


def around(obj: Model) -> frozenset[tuple[str, str]]:
    """The objects (code, key) inside which `obj` lies; none when no stage declared its model."""
    inside = _INSIDE.get(obj._meta.label)
    return frozenset((code, str(key)) for code, key in (inside(obj) if inside else ()) if key is not None)
