"""The block of the dashboard that proposes the organisation of the SIRET that the provider gave."""

from django.utils.translation import gettext_lazy as _

from foundation.accounts.openid import is_configured, services
from foundation.screens.registry import Panel, register_panel


def _proposed(user) -> dict | None:
    organisation = services.proposed_organisation(user) if is_configured() else None
    return {"organisation": organisation} if organisation else None


def declare() -> None:
    """Fill the shell's registry."""
    register_panel(
        Panel(
            code="accounts.proconnect",
            title=_("Votre organisation, d’après ProConnect"),
            template="accounts/openid/panel.html",
            context=_proposed,
            order=4,
        )
    )
