"""The life of an endpoint."""

from django.utils.translation import gettext_lazy as _

from foundation.webhooks import rules
from foundation.webhooks.enums import EndpointState
from foundation.workflow import Transition, Workflow

ENDPOINT = Workflow(
    "webhooks.Endpoint",
    "state",
    [
        Transition(
            "pause",
            _("Mettre en pause"),
            [EndpointState.ACTIVE],
            EndpointState.PAUSED,
            rules.can_pause_endpoint,
        ),
        Transition(
            "resume",
            _("Remettre en service"),
            [EndpointState.PAUSED, EndpointState.STOPPED],
            EndpointState.ACTIVE,
            rules.can_resume_endpoint,
        ),
        Transition("stop", _("Arrêter"), [EndpointState.ACTIVE], EndpointState.STOPPED, rules.platform_stops),
    ],
)
