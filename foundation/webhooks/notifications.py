"""The message that an endpoint was stopped."""

from django.utils.translation import gettext_lazy as _

from foundation.accounts.enums import Role
from foundation.accounts.selectors import users_with_role
from foundation.notifications.registry import MessageKind, register
from foundation.notifications.services import notify

STOPPED = MessageKind(
    code="webhooks.endpoint_stopped",
    label=_("Adresse d’envoi arrêtée"),
    template="webhook_stopped",
    example={
        "endpoint": "Suivi des commandes",
        "organisation": "DINUM",
        "reason": "Aucun envoi reçu depuis 5 jours.",
    },
)


def declare() -> None:
    """Make the kind known to the outbox."""
    register(STOPPED)


def tell_stopped(endpoint, *, at) -> None:
    """Tell the administrators of the organisation that nothing is sent to this address any more."""
    notify(
        kind=STOPPED.code,
        recipients=users_with_role(endpoint.organisation, Role.ORG_ADMIN),
        obj=endpoint,
        context={
            "endpoint": str(endpoint),
            "organisation": endpoint.organisation.name,
            "reason": endpoint.stop_reason,
        },
        url=endpoint.get_absolute_url(),
        at=at,
        event=f"stopped {at.isoformat()}",
    )
