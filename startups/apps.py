"""Stage 5: State startups and the delivery of their iterations."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StartupsConfig(AppConfig):
    """Declares what this stage adds to the journal, the documents, the messages and the screens."""

    name = "startups"
    verbose_name = _("Startups d'État")

    def ready(self) -> None:
        """Fill the registries of the foundation."""
        from foundation.api import scopes
        from foundation.journal import registry as journal
        from foundation.workflow import guard
        from startups import documents, events, notifications, rules, screens, search, webhooks
        from startups.models import Iteration, Startup, Story
        from startups.workflow import ITERATION, STARTUP, STORY

        journal.declare(events.ACTIONS)
        journal.show_history(Startup, rules.can_follow_startup)
        journal.show_history(Iteration, rules.can_view_iteration)
        guard(Startup, STARTUP)
        guard(Iteration, ITERATION)
        guard(Story, STORY)
        documents.declare()
        notifications.declare()
        webhooks.declare()
        screens.declare()
        search.declare()
        scopes.declare(
            {
                "startups:write": _("Tenir les startups, leurs phases et leurs mesures"),
                "iterations:write": _("Tenir les itérations et leurs récits"),
                "iterations:accept": _("Valider ou refuser ce qui est livré"),
            }
        )
