"""The documents of this app: the acceptance record of an iteration."""

from django.utils.translation import gettext_lazy as _

from foundation.documents.registry import DocumentKind, register
from startups import rules


def _can_see_record(user, document) -> bool:
    """Those who read the iteration: the administration, and the holder of its order."""
    return rules.iterations_visible_to(user).filter(pk=document.object_id).exists()


ACCEPTANCE_RECORD = DocumentKind(
    code="startups.acceptance_record",
    label=_("Procès-verbal d'itération"),
    template="documents/startups/acceptance_record.html",
    can_see=_can_see_record,
    numbering="PV",
)


def declare() -> None:
    """Make the kind known to the document service."""
    register(ACCEPTANCE_RECORD)
