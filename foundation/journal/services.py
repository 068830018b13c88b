"""Writing in the journal."""

import hashlib
import json
from datetime import datetime

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from foundation.accounts.models import Organisation, User
from foundation.accounts.selectors import role_pairs
from foundation.journal import registry
from foundation.journal.models import Entry


def canonical(facts: dict) -> str:
    """`facts` as JSON with sorted keys and no spaces: the same facts always give the same bytes."""
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False, cls=DjangoJSONEncoder)


def digest(facts: dict | None) -> str:
    """SHA-256 of `facts`, in hexadecimal; empty when there are none."""
    return hashlib.sha256(canonical(facts).encode()).hexdigest() if facts is not None else ""


def record(
    *,
    by: User | None,
    action: str,
    obj: models.Model,
    at: datetime,
    reason: str = "",
    before: dict | None = None,
    after: dict | None = None,
    organisation: Organisation | None = None,
    role: str = "",
) -> Entry:
    """Append a line in the present transaction; PostgreSQL chains it as the transaction commits.

    `before` and `after` are facts of the object: only their SHA-256 is kept, and still nothing of a sealed bid may be
    among them, since a price is easily guessed from its digest. `by=None` is the platform itself. The role is found in
    the memberships of `by` in `organisation` unless it is given. Raises KeyError for an act that no app declared.
    """
    registry.words(action)
    transaction.get_connection().validate_no_broken_transaction()
    facts = {
        "actor": by.pk if by else None,
        "organisation": organisation.pk if organisation else None,
        "role": role or _roles(by, organisation),
        "action": action,
        "object_type": obj._meta.label,
        "object_id": str(obj.pk),
        "reason": reason,
        "at": at.isoformat(),
        "before_digest": digest(before),
        "after_digest": digest(after),
    }
    columns = {**facts, "actor": by, "organisation": organisation, "at": at}
    return Entry.objects.create(**columns, body=canonical(facts))


def _roles(by: User | None, organisation: Organisation | None) -> str:
    """The first role of `by` in `organisation`, in alphabetical order: enough to say in which capacity he acted."""
    if by is None or organisation is None:
        return ""
    return min((role for pk, role in role_pairs(by) if pk == organisation.pk), default="")
