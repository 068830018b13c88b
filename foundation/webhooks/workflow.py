"""The life of an endpoint."""

from django.utils.translation import gettext_lazy as _

from foundation.webhooks import rules
from foundation.webhooks.enums import EndpointState
from foundation.workflow import Transition, Workflow

ENDPOINT = Workflow(
    name="webhooks.Endpoint",
    states=EndpointState,
    transitions=(
        Transition(
            name="pause",
            label=_("Mettre en pause"),
            sources=(EndpointState.ACTIVE,),
            target=EndpointState.PAUSED,
            who=rules.can_pause_endpoint,
        ),
        Transition(
            name="resume",
            label=_("Remettre en service"),
            sources=(EndpointState.PAUSED, EndpointState.STOPPED),
            target=EndpointState.ACTIVE,
            who=rules.can_resume_endpoint,
        ),
        Transition(
            name="stop",
            label=_("Arrêter les envois"),
            sources=(EndpointState.ACTIVE,),
            target=EndpointState.STOPPED,
            who=rules.platform_stops,
        ),
    ),
)
