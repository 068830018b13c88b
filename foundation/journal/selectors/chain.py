"""The chain of lines, as it stands in the database."""

import json
from collections.abc import Iterator
from datetime import datetime

from foundation.journal.models import Entry, Link


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
        if not tells_the_same(entry):
            yield entry.pk


def tells_the_same(entry: Entry) -> bool:
    """Whether the columns of an entry, its body and its chained line tell the same thing."""
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
    if entry.principal_id is not None:
        columns["principal"] = entry.principal_id
    if entry.facts is not None:
        columns["facts"] = entry.facts
    if entry.rows:
        columns["rows"] = entry.rows
    same_instant = datetime.fromisoformat(facts.pop("at")) == entry.at
    return (
        link is not None
        and facts == columns
        and same_instant
        and link.line.startswith(f'{{"body":{entry.body},')
    )
