"""Capacities and references of a firm."""

from django.db import transaction
from django.utils.translation import gettext as _

from concierge.models import Capacity, Reference
from concierge.services.locking import file_to_edit, record
from foundation.errors import Reason, Refusal

MOST = 50
"""Rows of each kind in a file: enough for anyone, few enough to be read and sealed."""


@transaction.atomic
def capacity_save(*, organisation, title, description, by, at, capacity=None) -> Capacity:
    """Write a capacity, new when `capacity` is None. Raises Refusal."""
    file = file_to_edit(organisation, by=by, at=at)
    row = _row(file.capacities, capacity)
    row.file, row.title, row.description = file, title, description
    row.save()
    record(file, "concierge.capacity_save", by=by, at=at, after={"title": title, "description": description})
    return row


@transaction.atomic
def reference_save(*, organisation, by, at, reference=None, **facts) -> Reference:
    """Write a reference, new when `reference` is None. Raises Refusal on crossed dates."""
    if facts.get("ended_date") and facts["ended_date"] < facts["started_date"]:
        raise Refusal.of([Reason(_("La fin vient après le début : vérifiez les dates."), field="ended_date")])
    file = file_to_edit(organisation, by=by, at=at)
    row = _row(file.references, reference)
    row.file = file
    for name, value in facts.items():
        setattr(row, name, value)
    row.save()
    after = {name: str(value or "") for name, value in facts.items()}
    record(file, "concierge.reference_save", by=by, at=at, after=after)
    return row


def _row(rows, known):
    """The row to write: the known one, or a new one while there is room."""
    if known is not None:
        return rows.get(pk=known.pk)
    if rows.count() >= MOST:
        raise Refusal(_("Ce dossier en compte déjà %(most)d : gardez les plus parlantes.") % {"most": MOST})
    return rows.model()


@transaction.atomic
def capacity_remove(*, capacity, by, at) -> None:
    """Take a capacity out of the file."""
    _remove(capacity, "concierge.capacity_remove", by=by, at=at)


@transaction.atomic
def reference_remove(*, reference, by, at) -> None:
    """Take a reference out of the file."""
    _remove(reference, "concierge.reference_remove", by=by, at=at)


def _remove(row, action, *, by, at) -> None:
    file = file_to_edit(row.file.organisation, by=by, at=at)
    before = {"row": str(row)}
    row.delete()
    record(file, action, by=by, at=at, before=before)
