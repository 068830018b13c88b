"""Stage 1: the purchase project."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NeedsConfig(AppConfig):
    """Declares what this stage adds to the journal, the messages and the screens."""

    name = "needs"
    verbose_name = _("Besoins")

    def ready(self) -> None:
        """Fill the registries of the foundation."""
        from foundation.api import scopes
        from foundation.journal import registry as journal
        from foundation.workflow import guard
        from needs import events, notifications, perimeters, rules, screens, search
        from needs.models import PurchaseProject
        from needs.workflow import PROJECT

        journal.declare(events.ACTIONS)
        journal.show_history(PurchaseProject, rules.can_view_project)
        guard(PurchaseProject, PROJECT)
        notifications.declare()
        perimeters.declare()
        screens.declare()
        search.declare()
        scopes.declare(
            {
                "projects:write": _("Tenir les projets d’achat, leur équipe et leur stratégie"),
            }
        )
