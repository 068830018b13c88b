"""`document.ready`: a document may be downloaded."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.accounts.selectors import users_with_role
from foundation.documents import registry as documents
from foundation.documents.rules import can_view_document
from foundation.webhooks.registry import EventType, register
from foundation.webhooks.services import event_tell


def _can_see(organisation, document) -> bool:
    """An organisation may know of a document when one of its people may see it."""
    return any(can_view_document(user, document) for user in users_with_role(organisation))


DOCUMENT_READY = EventType(
    code="document.ready",
    label=_("Un document est prêt"),
    can_see=_can_see,
    example={
        "id": "0b0f4c0e-6f0a-4d39-9d5e-2f1f6f0c2a11",
        "kind": "framework_agreements.purchase_order",
        "number": "BC-2026-0001",
        "url": "https://jalon.example/documents/0b0f4c0e-6f0a-4d39-9d5e-2f1f6f0c2a11/",
        "api_url": "https://jalon.example/api/v1/documents/0b0f4c0e-6f0a-4d39-9d5e-2f1f6f0c2a11/",
        "ready_at": "2026-09-01T12:00:00+00:00",
    },
)


def declare() -> None:
    """Offer the event, and listen to the documents."""
    register(DOCUMENT_READY)
    documents.on_ready(tell_ready)


def tell_ready(document, at) -> None:
    """Tell the endpoints that a document is ready; neither its title nor its facts."""
    event_tell(
        event=DOCUMENT_READY.code,
        obj=document,
        data={
            "id": str(document.pk),
            "kind": document.kind,
            "number": document.number,
            "url": settings.PUBLIC_URL + reverse("documents:detail", args=[document.pk]),
            "api_url": settings.PUBLIC_URL + reverse("api:document-detail", args=[document.pk]),
            "ready_at": at,
        },
        at=at,
    )
