"""Documents: whoever the kind says, here the members of one organisation, any of whom asks for a new try."""

import uuid

from foundation.accounts.models import Organisation
from foundation.accounts.selectors import has_role
from foundation.documents import services
from foundation.documents.registry import DocumentKind, Dossier, register, register_dossier
from tests.access.matrix import Row, both
from tests.owner import as_owner

DRESSERS = frozenset({"buyer@own*", "framework_admin@own*", "org_admin@own*"})
ARCHIVERS = DRESSERS - {"buyer@own*"}
DRESSERS_ANYWHERE = DRESSERS | {pattern.replace("own*", "other") for pattern in DRESSERS}
ARCHIVERS_ANYWHERE = ARCHIVERS | {pattern.replace("own*", "other") for pattern in ARCHIVERS}
MEMBERS = frozenset({"*@own", "*@own-bystander"})


def belongs(user, document):
    """The document is about an organisation: its members see it."""
    return has_role(user, int(document.object_id))


KIND = DocumentKind(code="tests.access", label="Acte", template="documents/base.html", can_see=belongs)


def find(user, pk):
    """The organisation, for its members: its documents are those about it."""
    organisation = Organisation.objects.filter(pk=int(pk)).first()
    return organisation if has_role(user, organisation) else None


DOSSIER = Dossier(
    code="essai",
    label="Essai",
    find=find,
    parts=lambda organisation: [(Organisation._meta.label, [organisation.pk])],
    page=lambda organisation: "/",
)


def waiting(world):
    """A document about the buyer's organisation."""
    register(KIND)
    return services.document_request(
        kind=KIND.code, obj=world.own, facts={}, title="Acte", by=None, at=world.at, organisation=world.own
    )


def ready(world):
    """A document with its PDF."""
    document = services.document_render(document_id=waiting(world).pk, at=world.at)
    return {"pk": document.pk}


def failed(world):
    """A document whose rendering was given up."""
    document = waiting(world)
    with as_owner():
        document.state, document.attempts, document.claim = "rendering", 5, uuid.uuid4()
        document.rendering_at = world.at
        document.save()
        document.state, document.claim, document.rendering_at = "failed", None, None
        document.failed_at, document.last_error = world.at, "MemoryError"
        document.save()
    return {"pk": document.pk}


def own(world):
    """The buyer's organisation."""
    return {"pk": world.own.pk}


def own_clauses(world):
    """Its clauses of one kind."""
    register(KIND)
    return {"pk": world.own.pk, "kind": KIND.code}


def gathered(world):
    """The dossier of the organisation, with one document ready."""
    ready(world)
    register_dossier(DOSSIER)
    return {"code": DOSSIER.code, "pk": str(world.own.pk)}


def asked(world):
    """A batch that one buyer asked for, with its document ready."""
    register(KIND)
    request = {"kind": KIND.code, "obj": world.own, "facts": {}, "title": "Acte"}
    batch = services.batch_request(
        title="Actes", obj=world.own, requests=[request], by=world.user("buyer@own"), at=world.at
    )
    services.document_render(document_id=batch.documents.get().pk, at=world.at)
    return {"pk": batch.pk}


def held(world):
    """A document that someone keeps beyond its term."""
    document = waiting(world)
    admin = world.user("org_admin@own")
    services.document_hold(document=document, reason="Recours", by=admin, at=world.at)
    return {"pk": document.pk}


ROWS = {
    "documents:appearances": Row(allowed=DRESSERS_ANYWHERE, ok={200, 302}),
    "documents:appearance": Row(allowed=DRESSERS, make=own),
    "documents:letterhead": both(allowed=DRESSERS, make=own),
    "documents:clauses": both(allowed=DRESSERS, make=own_clauses),
    "documents:batch": Row(allowed={"buyer@own"}, make=asked),
    "documents:batch_zip": Row(allowed={"buyer@own"}, make=asked),
    "documents:dossier": Row(allowed=MEMBERS, make=gathered),
    "documents:dossier_zip": Row(allowed=MEMBERS, make=gathered),
    "documents:conservation": Row(allowed=ARCHIVERS_ANYWHERE),
    "documents:hold": both(allowed=ARCHIVERS, make=ready),
    "documents:release": Row(allowed=ARCHIVERS, make=held, method="post"),
    "api:document-batch-detail": Row(allowed={"buyer@own"}, make=asked),
    "api:document-batch-zip": Row(allowed={"buyer@own"}, make=asked),
    "documents:detail": Row(allowed=MEMBERS, make=ready),
    "documents:download": Row(allowed=MEMBERS, make=ready, ok={302}),
    "documents:retry": Row(allowed=MEMBERS, make=failed, method="post"),
    "api:document-detail": Row(allowed=MEMBERS, make=ready),
    "api:document-download": Row(allowed=MEMBERS, make=ready),
    "api:document-retry": Row(allowed=MEMBERS, make=failed, method="post"),
}
