"""Reads: what was said of received files."""

from collections.abc import Iterable

from django.db.models import Model

from foundation.files.models import Inspection


def inspections_of(objects: Iterable[Model]) -> dict[str, Inspection]:
    """Primary key as text → inspection, for objects of one model; one query."""
    objects = list(objects)
    if not objects:
        return {}
    found = Inspection.objects.filter(
        object_type=objects[0]._meta.label, object_id__in=[str(obj.pk) for obj in objects]
    )
    return {inspection.object_id: inspection for inspection in found}


def inspection_of(obj: Model) -> Inspection | None:
    """What was said of this one; None before."""
    return inspections_of([obj]).get(str(obj.pk))
