"""The rows of this app: documents and their other forms, what an administration prints on them, how long they stay."""

from foundation.documents.models.appearance import Clauses, Letterhead
from foundation.documents.models.documents import FROZEN, Batch, Document, Rendition, Series
from foundation.documents.models.retention import Retention

__all__ = ["FROZEN", "Batch", "Clauses", "Document", "Letterhead", "Rendition", "Retention", "Series"]
