"""Who may see a document and who may ask for its rendering again."""

from foundation.accounts.enums import OrganisationKind, Role
from foundation.accounts.models import Organisation
from foundation.accounts.selectors import has_role, organisations_of
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


def can_read_document_history(user, document) -> bool:
    """What was done to a document is for the members of the organisation it belongs to, among those who see it."""
    return has_role(user, document.organisation_id) and can_view_document(user, document)


def can_retry_document(user, document) -> bool:
    """Whoever is signed in and sees a failed document: the facts are frozen, so a repeat changes nothing."""
    return bool(
        user.is_authenticated and document.state == DocumentState.FAILED and can_view_document(user, document)
    )


APPEARANCE_ROLES = (Role.ORG_ADMIN, Role.FRAMEWORK_ADMIN, Role.BUYER)
"""Letter-head and clauses bind the administration as its notices do: those who write these write those."""
ARCHIVE_ROLES = (Role.ORG_ADMIN, Role.FRAMEWORK_ADMIN)


def organisations_dressed_by(user):
    """The administrations whose letter-head and clauses this person writes."""
    return organisations_of(user, *APPEARANCE_ROLES).filter(kind=OrganisationKind.BUYER)


def can_edit_appearance(user, organisation: Organisation) -> bool:
    """Who administers the organisation or its framework agreements, and its buyers; a firm prints nothing here."""
    return organisation.kind == OrganisationKind.BUYER and has_role(user, organisation, *APPEARANCE_ROLES)


def organisations_archived_by(user):
    """The administrations whose documents this person keeps."""
    return organisations_of(user, *ARCHIVE_ROLES).filter(kind=OrganisationKind.BUYER)


def can_hold_document(user, document) -> bool:
    """Who administers the organisation of the document keeps it beyond its term."""
    return has_role(user, document.organisation_id, *ARCHIVE_ROLES)


def can_view_batch(user, batch) -> bool:
    """Whoever asked for it; its documents are found by the others on the page of their object."""
    return bool(user.is_authenticated and batch.created_by_id == user.pk)


def documents_seen(user, documents) -> list:
    """Those of `documents` that this person may know of, in their order, asking each kind once when it can say."""
    documents = list(documents)
    seen = set()
    for code in {document.kind for document in documents}:
        rows = [document for document in documents if document.kind == code]
        seen |= _seen_of_kind(user, code, rows)
    return [document for document in documents if document.pk in seen]


def _seen_of_kind(user, code: str, rows: list) -> set:
    try:
        kind = registry.find(code)
    except LookupError:
        return set()
    if kind.see_many is None:
        return {row.pk for row in rows if kind.can_see(user, row)}
    return {row.pk for row in kind.see_many(user, rows)}
