"""What the journal holds of documents: facts frozen when they were asked for, files printed, content taken away."""

from django.utils.translation import gettext_lazy as _

from foundation.documents.enums import DocumentState
from foundation.documents.models import Document
from foundation.journal.commitments import Commitment, commit
from foundation.journal.digests import columns, columns_of

PURGE = frozenset({"documents.purge"})
PRINTED = ("file", "sha256", "size", "pages", "ready_at")
MOVING = (
    *("state", "queued_at", "attempts", "next_try_at", "claim", "rendering_at", "failed_at", "purged_at"),
    *("last_error", *PRINTED),
)


def declare() -> None:
    """Say what is compared, and with the lines of which acts."""
    rows = Document.objects.prefetch_related("renditions")
    commit(
        Commitment(
            name="asked",
            label=_("Faits d’un document"),
            rows=Document.objects.exclude(state=DocumentState.PURGED),
            facts=lambda document: columns(document, *MOVING),
            actions=frozenset({"documents.request"}),
            is_settled=True,
            ended_by=PURGE,
        ),
        Commitment(
            name="printed",
            label=_("Fichiers d’un document"),
            rows=rows.filter(state=DocumentState.READY),
            facts=_printed,
            actions=frozenset({"documents.render"}),
            is_settled=True,
            ended_by=PURGE,
            files=lambda document: [(one.file, one.sha256) for one in document.forms],
        ),
        Commitment(
            name="purged",
            label=_("Document éliminé"),
            rows=rows.filter(state=DocumentState.PURGED),
            facts=_purged,
            actions=PURGE,
            is_settled=True,
        ),
    )


def _printed(document: Document) -> dict:
    printed = {name: value for name, value in columns(document).items() if name in PRINTED}
    return {**printed, "renditions": columns_of(document.renditions.all())}


def _purged(document: Document) -> dict:
    """Its files go after its row: only what stays is told."""
    return {**columns(document, "file"), "renditions": columns_of(document.renditions.all(), "file")}
