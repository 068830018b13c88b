"""What a line says of the rows that its act left: digests that anyone who reads the tables may compute again.

An app declares, for a kind of object, which acts commit to it and how its facts are read from its rows. `record` then
writes their digest in the line of each such act, and `selectors.altered_objects` compares the rows with it later.

The acts named must hold the lock of what they commit to: the last line then speaks of the last state. What an act does
not change is committed to by the acts that do: the opening of bids does not vouch for their deadline.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models.fields.files import FieldFile

from foundation.journal.digests import digest

_declared: dict[str, list["Commitment"]] = {}


@dataclass(frozen=True)
class Commitment:
    """Facts of the objects in `rows`, whose digest is in the lines of `actions` under `name`.

    `label` says in French what it is. When `is_settled`, nothing of it ever changes: every line must say the same; else
    the last one counts. An act of `ended_by` lets the object leave `rows`. `files` are the stored files of an object,
    each with the SHA-256 that its row tells.
    """

    name: str
    label: str
    rows: models.QuerySet
    facts: Callable[[Any], dict]
    actions: frozenset[str]
    is_settled: bool = False
    ended_by: frozenset[str] = frozenset()
    files: Callable[[Any], Iterable[tuple[FieldFile, str]]] | None = None

    @property
    def object_type(self) -> str:
        """The kind of object, as a line names it."""
        return self.rows.model._meta.label


def commit(*commitments: Commitment) -> None:
    """Declare them. Called in `AppConfig.ready`."""
    for one in commitments:
        _declared.setdefault(one.object_type, []).append(one)


def every() -> list[Commitment]:
    """All that was declared."""
    return [one for kind in _declared.values() for one in kind]


def digests_of(obj: models.Model, action: str) -> dict[str, str]:
    """What a line of `action` on `obj` commits to, read from the rows of the present transaction: name → digest."""
    found = {}
    for one in _declared.get(obj._meta.label, []):
        row = one.rows.filter(pk=obj.pk).first() if action in one.actions else None
        if row is not None:
            found[one.name] = digest(one.facts(row))
    return found
