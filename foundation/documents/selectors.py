"""Reads of documents."""

from datetime import datetime, timedelta

from django.db.models import Model, Q, QuerySet

from foundation.documents import rules
from foundation.documents.enums import DocumentState
from foundation.documents.models import Document

# A worker that has not finished after this long is held for dead: fifty pages take about six seconds.
LEASE = timedelta(minutes=2)


def documents_of(obj: Model) -> QuerySet[Document]:
    """Every document made for this object, newest first; the frozen facts are not loaded."""
    return Document.objects.filter(object_type=obj._meta.label, object_id=str(obj.pk)).defer("facts")


def documents_of_visible_to(obj: Model, user) -> list[Document]:
    """The documents of this object that the reader may see, newest first."""
    return [document for document in documents_of(obj) if rules.can_view_document(user, document)]


def documents_to_render(*, at: datetime) -> QuerySet[Document]:
    """Rows left behind: due and waiting, or held by a worker that died."""
    waiting = Q(state=DocumentState.PENDING) & (Q(next_try_at__isnull=True) | Q(next_try_at__lte=at))
    abandoned = Q(state=DocumentState.RENDERING, rendering_at__lte=at - LEASE)
    return Document.objects.filter(waiting | abandoned).order_by("created_at")
