"""The life of a document: asked for, laid out by a worker, ready or failed."""

from django.utils.translation import gettext_lazy as _

from foundation.documents import rules
from foundation.documents.enums import DocumentState
from foundation.workflow import Transition, Workflow


def is_platform(user, document) -> bool:
    """Only the platform itself lays documents out: no person signs this step."""
    return user is None


WORKFLOW = Workflow(
    name="documents.Document",
    states=DocumentState,
    transitions=(
        Transition(
            name="claim",
            label=_("commencer la mise en page"),
            # A row still "rendering" may be taken over once its worker is held for dead.
            sources=(DocumentState.PENDING, DocumentState.RENDERING),
            target=DocumentState.RENDERING,
            who=is_platform,
        ),
        Transition(
            name="finish",
            label=_("enregistrer le PDF"),
            sources=(DocumentState.RENDERING,),
            target=DocumentState.READY,
            who=is_platform,
        ),
        Transition(
            name="postpone",
            label=_("remettre à plus tard"),
            sources=(DocumentState.RENDERING,),
            target=DocumentState.PENDING,
            who=is_platform,
        ),
        Transition(
            name="give_up",
            label=_("abandonner"),
            sources=(DocumentState.RENDERING,),
            target=DocumentState.FAILED,
            who=is_platform,
        ),
        Transition(
            name="retry",
            label=_("réessayer"),
            sources=(DocumentState.FAILED,),
            target=DocumentState.PENDING,
            who=rules.can_retry_document,
        ),
        Transition(
            name="purge",
            label=_("éliminer le contenu au terme de sa conservation"),
            sources=(DocumentState.READY, DocumentState.FAILED),
            target=DocumentState.PURGED,
            who=is_platform,
        ),
    ),
)
