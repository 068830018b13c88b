"""What happened to an object, in words."""

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.urls import reverse

from foundation.accounts.enums import Role
from foundation.journal import registry
from foundation.journal.models import Entry


@dataclass(frozen=True)
class Line:
    """A line of history as a page shows it; `index` is None until the transaction is committed."""

    index: int | None
    who: str
    principal: str
    role: str
    what: str
    reason: str
    at: datetime
    proof_url: str = ""


def history(obj: models.Model, limit: int = 50) -> list[Line]:
    """The last `limit` acts on `obj`, newest first, in words (one query)."""
    entries = entries_of(obj._meta.label, str(obj.pk)).select_related("actor", "principal", "link")
    return [line_of(entry) for entry in entries.order_by("-id")[:limit]]


def entries_of(object_type: str, object_id: str) -> models.QuerySet[Entry]:
    """The lines about one object."""
    return Entry.objects.filter(object_type=object_type, object_id=object_id)


def line_of(entry: Entry) -> Line:
    """An entry in words; its proof is offered when the object's history has readers (registry.show_history)."""
    link = getattr(entry, "link", None)
    index = link.index if link else None
    is_offered = index is not None and registry.has_readers(entry.object_type)
    return Line(
        index=index,
        who=str(entry.actor) if entry.actor else "Jalon",
        principal=str(entry.principal) if entry.principal else "",
        role=Role(entry.role).label if entry.role else "",
        what=registry.words(entry.action) if registry.is_declared(entry.action) else entry.action,
        reason=entry.reason,
        at=entry.at,
        proof_url=reverse("journal:line", kwargs={"index": index}) if is_offered else "",
    )
