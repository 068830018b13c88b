"""Documents: whoever the kind says, here the members of one organisation, any of whom asks for a new try."""

import uuid

from foundation.accounts.selectors import has_role
from foundation.documents import services
from foundation.documents.registry import DocumentKind, register
from tests.access.matrix import Row

MEMBERS = frozenset({"*@own", "*@own-bystander"})


def belongs(user, document):
    """The document is about an organisation: its members see it."""
    return has_role(user, int(document.object_id))


KIND = DocumentKind(code="tests.access", label="Acte", template="documents/base.html", can_see=belongs)


def waiting(world):
    """A document about the buyer's organisation."""
    register(KIND)
    return services.document_request(
        kind=KIND.code, obj=world.own, facts={}, title="Acte", by=None, at=world.at
    )


def ready(world):
    """A document with its PDF."""
    document = services.document_render(document_id=waiting(world).pk, at=world.at)
    return {"pk": document.pk}


def failed(world):
    """A document whose rendering was given up."""
    document = waiting(world)
    document.state, document.attempts, document.claim = "rendering", 5, uuid.uuid4()
    document.rendering_at = world.at
    document.save()
    document.state, document.claim, document.rendering_at = "failed", None, None
    document.failed_at, document.last_error = world.at, "MemoryError"
    document.save()
    return {"pk": document.pk}


ROWS = {
    "documents:detail": Row(allowed=MEMBERS, make=ready),
    "documents:download": Row(allowed=MEMBERS, make=ready, ok={302}),
    "documents:retry": Row(allowed=MEMBERS, make=failed, method="post"),
    "api:document-detail": Row(allowed=MEMBERS, make=ready),
    "api:document-download": Row(allowed=MEMBERS, make=ready),
    "api:document-retry": Row(allowed=MEMBERS, make=failed, method="post"),
}
