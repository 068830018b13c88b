from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebhooksConfig(AppConfig):
    """What other systems are told, at the address they gave, signed."""

    name = "foundation.webhooks"
    label = "webhooks"
    verbose_name = _("Envois vers d’autres systèmes")

    def ready(self) -> None:
        """Declare the acts, the messages, the events of the foundation and the machine of an endpoint."""
        from foundation.api import scopes
        from foundation.journal import registry as journal
        from foundation.webhooks import document_events, journal_actions, notifications, rules, screens
        from foundation.webhooks.models import Endpoint
        from foundation.webhooks.workflow import ENDPOINT
        from foundation.workflow import guard

        journal.declare(journal_actions.ACTIONS)
        journal.show_history(Endpoint, rules.can_manage_endpoint)
        scopes.declare({"webhooks:write": _("Tenir les adresses d’envoi de l’organisation")})
        guard(Endpoint, ENDPOINT)
        notifications.declare()
        document_events.declare()
        screens.declare()
