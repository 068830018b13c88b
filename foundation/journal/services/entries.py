"""Writing a line."""

from datetime import datetime

from django.db import models, transaction

from foundation import workflow
from foundation.accounts.models import Organisation, User
from foundation.accounts.selectors import principal_for, roles_held, roles_limited
from foundation.journal import commitments, registry
from foundation.journal.digests import canonical, digest
from foundation.journal.models import Entry


def record(
    *,
    by: User | None,
    action: str,
    obj: models.Model,
    at: datetime,
    reason: str = "",
    before: dict | None = None,
    after: dict | None = None,
    facts: dict | None = None,
    organisation: Organisation | None = None,
    role: str = "",
) -> Entry:
    """Append a line in the present transaction; PostgreSQL chains it as the transaction commits.

    `before` and `after` are facts of the object: only their SHA-256 is kept, and still nothing of a sealed bid may be
    among them, since a price is easily guessed from its digest. `facts` are written in clear. When `before` and `after`
    are not given and the workflow just moved `obj`, they are its states. `by=None` is the platform itself. The role is
    found in the memberships of `by` in `organisation` unless it is given; when `by` has it by delegation only, the line
    names the principal as well.
    The line also holds the digests of the rows that this act commits to: write it once they are all written.
    Raises KeyError for an act that no app declared.
    """
    registry.words(action)
    transaction.get_connection().validate_no_broken_transaction()
    left, reached = workflow.moved(obj)
    principal = principal_for(by, organisation, role)
    role = role or _role(by, organisation, principal)
    told = {
        "actor": by.pk if by else None,
        "organisation": organisation.pk if organisation else None,
        "role": role,
        "action": action,
        "object_type": obj._meta.label,
        "object_id": str(obj.pk),
        "reason": reason,
        "at": at.isoformat(),
        "before_digest": digest(left if before is None else before),
        "after_digest": digest(reached if after is None else after),
    }
    rows = commitments.digests_of(obj, action)
    more = {"principal": principal.pk if principal else None, "facts": facts, "rows": rows or None}
    columns = {**told, "actor": by, "organisation": organisation, "principal": principal, "at": at}
    said = {**told, **{name: value for name, value in more.items() if value is not None}}
    return Entry.objects.create(**columns, facts=facts, rows=rows, body=canonical(said))


def _role(by: User | None, organisation: Organisation | None, principal: User | None) -> str:
    """The first role of `by` in `organisation`, in alphabetical order, among those lent by `principal` if any."""
    if by is None or organisation is None:
        return ""
    lender = principal.pk if principal else None
    held = [one for one in roles_held(by) if one.organisation_id == organisation.pk]
    if lender is not None:
        held += [one for one in roles_limited(by) if one.organisation_id == organisation.pk]
    return min((one.role for one in held if one.principal_id == lender or lender is None), default="")
