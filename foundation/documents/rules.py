"""Who may see a document and who may ask for its rendering again."""

from foundation.documents import registry
from foundation.documents.enums import DocumentState


def can_view_document(user, document) -> bool:
    """The application that declared the kind decides; an undeclared kind is seen by nobody."""
    try:
        kind = registry.find(document.kind)
    except LookupError:
        return False
    return bool(kind.can_see(user, document))


def can_download_document(user, document) -> bool:
    """Whoever sees a document that is ready."""
    return document.state == DocumentState.READY and can_view_document(user, document)


def can_retry_document(user, document) -> bool:
    """Whoever is signed in and sees a failed document: the facts are frozen, so a repeat changes nothing."""
    return bool(
        user.is_authenticated and document.state == DocumentState.FAILED and can_view_document(user, document)
    )
