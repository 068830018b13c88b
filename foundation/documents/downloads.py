"""The files of a document as they are sent, and the signed link that leads to them."""

from django.core.exceptions import ValidationError
from django.utils.text import slugify

from foundation.documents import rules
from foundation.documents.models import Document
from foundation.files import downloads, registry

LINK = "documents.document"


def link_id(document: Document, form: str = "") -> str:
    """How a signed link names one of the document's files; the main one without `form`."""
    return f"{document.pk}.{form}" if form else str(document.pk)


def file_of(document: Document, form: str = "") -> downloads.Download | None:
    """The stored file in this form (the main one without `form`); None when there is none."""
    part = next((found for found in document.forms if form in ("", found.form)), None)
    if part is None:
        return None
    return downloads.stored(
        part.file.name,
        name=f"{_stem(document)}.{part.form}",
        media_type=part.media_type,
        size=part.size,
        digest=part.sha256,
    )


def _stem(document: Document) -> str:
    """Letters, digits and hyphens only: « pv-2026-0001-proces-verbal »."""
    return slugify(f"{document.number} {document.title}")[:100].strip("-") or "document"


def _find(user, object_id: str, at) -> downloads.Download | None:
    pk, _dot, form = object_id.partition(".")
    try:
        document = Document.objects.filter(pk=pk).first()
    except (ValueError, ValidationError):
        return None
    if document is None or not rules.can_download_document(user, document):
        return None
    return file_of(document, form)


def declare() -> None:
    """Fill the registry of signed links."""
    registry.register(registry.LinkKind(LINK, _find))
