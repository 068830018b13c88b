"""Reading the journal."""

from dataclasses import dataclass
from datetime import datetime

from django.db import models

from foundation.accounts.enums import Role
from foundation.journal import registry
from foundation.journal.models import Entry, Link


@dataclass(frozen=True)
class Line:
    """A line of history as a page shows it."""

    index: int | None
    who: str
    role: str
    what: str
    reason: str
    at: datetime


def history(obj: models.Model, limit: int = 50) -> list[Line]:
    """The last `limit` acts on `obj`, newest first, in words."""
    entries = Entry.objects.filter(object_type=obj._meta.label, object_id=str(obj.pk))
    return [_line(entry) for entry in entries.select_related("actor", "link").order_by("-id")[:limit]]


def _line(entry: Entry) -> Line:
    link = getattr(entry, "link", None)
    return Line(
        index=link.index if link else None,
        who=str(entry.actor) if entry.actor else "Jalon",
        role=Role(entry.role).label if entry.role else "",
        what=registry.words(entry.action) if registry.is_declared(entry.action) else entry.action,
        reason=entry.reason,
        at=entry.at,
    )


def index_of(entry: Entry) -> int | None:
    """The place of `entry` in the chain, once its transaction is committed."""
    return Link.objects.filter(entry=entry).values_list("index", flat=True).first()
