"""The state machine of a sending: deposited with its bid, or given up."""

from django.utils.translation import gettext_lazy

from foundation.workflow import Transition, Workflow
from tenders import rules
from tenders.enums import UploadState

UPLOAD = Workflow(
    gettext_lazy("Envoi"),
    UploadState,
    (
        Transition(
            name="deposit",
            label=gettext_lazy("Déposer"),
            sources=(UploadState.OPEN,),
            target=UploadState.DEPOSITED,
            who=rules.can_send_more,
        ),
        Transition(
            name="abandon",
            label=gettext_lazy("Abandonner"),
            sources=(UploadState.OPEN,),
            target=UploadState.ABANDONED,
            who=rules.can_send_more,
        ),
    ),
)
