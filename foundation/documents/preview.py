"""The kind of the previews: seen by whoever asked for one, kept as a document of work."""

from django.utils.translation import gettext_lazy as _

from foundation.documents.appearance import PREVIEW
from foundation.documents.legal import RetentionClass
from foundation.documents.registry import DocumentKind, register


def _asked_for_it(user, document) -> bool:
    return bool(user.is_authenticated and document.created_by_id == user.pk)


def declare() -> None:
    """Make the kind known."""
    register(
        DocumentKind(
            code=PREVIEW,
            label=_("Aperçu d’un modèle"),
            template="documents/preview.html",
            can_see=_asked_for_it,
            retention=RetentionClass.WORKING,
            takes_clauses=False,
        )
    )
