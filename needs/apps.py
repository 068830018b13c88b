"""Stage 1: the purchase project."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NeedsConfig(AppConfig):
    """Declares what this stage adds to the journal, the messages and the screens."""

    name = "needs"
    verbose_name = _("Besoins")

    def ready(self) -> None:
        """Fill the registries of the foundation."""
        from foundation.journal import registry as journal
        from foundation.workflow import guard
        from needs import events, notifications, screens
        from needs.models import PurchaseProject
        from needs.workflow import PROJECT

        journal.declare(events.ACTIONS)
        guard(PurchaseProject, PROJECT)
        notifications.declare()
        screens.declare()
