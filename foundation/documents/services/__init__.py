"""Writes of documents, by subject."""

from foundation.documents.services.appearance import clauses_save, letterhead_save, preview_request
from foundation.documents.services.conservation import (
    document_hold,
    document_release,
    documents_purge,
    term_start,
    terms_complete,
)
from foundation.documents.services.rendering import (
    CIVIL_TIME,
    MAX_ATTEMPTS,
    back_off,
    batch_request,
    document_render,
    document_request,
    document_retry,
)

__all__ = [
    "CIVIL_TIME",
    "MAX_ATTEMPTS",
    "back_off",
    "batch_request",
    "clauses_save",
    "document_hold",
    "document_release",
    "document_render",
    "document_request",
    "document_retry",
    "documents_purge",
    "letterhead_save",
    "preview_request",
    "term_start",
    "terms_complete",
]
