"""Who reads a line of the journal whole."""

from django.apps import apps

from foundation.journal import registry
from foundation.journal.models import Entry


def can_read_history(user, object_type: str, object_id: str) -> bool:
    """Whoever sees the history of the object on its page, asked again each time; nobody once the object is gone."""
    can_read = registry.reader_rule(object_type)
    if can_read is None:
        return False
    model = apps.get_model(object_type)
    try:
        key = model._meta.pk.to_python(object_id)
    except (ValueError, TypeError):
        return False
    # With the rows that it belongs to: rules climb to them.
    obj = model._base_manager.filter(pk=key).select_related().first()
    return obj is not None and can_read(user, obj)


def can_read_entry(user, entry: Entry) -> bool:
    """A line is read by whoever sees the history of its object."""
    return can_read_history(user, entry.object_type, entry.object_id)
