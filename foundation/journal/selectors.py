"""Reading the journal."""

import json
from collections.abc import Iterator
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


def export() -> Iterator[str]:
    """Each link as a JSON line, in order, for the stand-alone verifier; read by pieces, memory stays flat."""
    links = Link.objects.order_by("index").values("line", "leaf_hash", "chain_hash")
    return (json.dumps(link, ensure_ascii=False) for link in links.iterator(chunk_size=2000))


def head() -> tuple[int, str] | None:
    """The last index and its chain hash; None while the journal is empty."""
    return Link.objects.order_by("-index").values_list("index", "chain_hash").first()


def altered_entries() -> Iterator[int]:
    """Ids of the entries whose columns, body and chained line no longer tell the same thing."""
    for entry in Entry.objects.select_related("link").order_by("id").iterator(chunk_size=2000):
        if not _tells_the_same(entry):
            yield entry.pk


def _tells_the_same(entry: Entry) -> bool:
    link = getattr(entry, "link", None)
    facts = json.loads(entry.body)
    columns = {
        "actor": entry.actor_id,
        "organisation": entry.organisation_id,
        "role": entry.role,
        "action": entry.action,
        "object_type": entry.object_type,
        "object_id": entry.object_id,
        "reason": entry.reason,
        "before_digest": entry.before_digest,
        "after_digest": entry.after_digest,
    }
    same_instant = datetime.fromisoformat(facts.pop("at")) == entry.at
    return (
        link is not None
        and facts == columns
        and same_instant
        and link.line.startswith(f'{{"body":{entry.body},')
    )
