from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    """The programming interface: what every stage's `api.py` stands on, and the access tokens."""

    name = "foundation.api"
    label = "api"
    verbose_name = _("Interface de programmation")

    def ready(self) -> None:
        """Declare the acts on tokens, the scopes of the foundation, how a decimal is read, and what drf-spectacular
        cannot guess.
        """
        from django.db import models
        from rest_framework import serializers

        from foundation.api import extensions, notifications, personal, scopes  # noqa: F401  the first registers itself
        from foundation.api.fields import DecimalField
        from foundation.api.journal_actions import ACTIONS
        from foundation.journal import registry

        serializers.ModelSerializer.serializer_field_mapping[models.DecimalField] = DecimalField
        registry.declare(ACTIONS)
        notifications.declare()
        personal.declare()
        scopes.declare(
            {
                scopes.READ: _("Lire"),
                "organisations:write": _("Tenir les organisations et leurs membres"),
                "delegations:write": _("Déléguer ses rôles et révoquer des délégations"),
                "approvals:write": _("Confirmer ou refuser ce que d’autres demandent"),
                "documents:write": _("Relancer la mise en page d’un document"),
                "notifications:write": _("Marquer les notifications comme lues"),
            }
        )
