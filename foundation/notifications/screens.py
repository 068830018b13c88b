"""What the messages add to the dashboard: an address that refuses them."""

from django.utils.translation import gettext_lazy as _

from foundation.notifications import rules, selectors
from foundation.screens.registry import Panel, register_panel


def _address_panel(user) -> dict | None:
    """One's own address, and those of the members one administers; nothing when all receive."""
    own, members = selectors.refused_around(user, rules.administered_organisation_ids(user))
    return {"own": own, "members": members, "email": user.email} if own or members else None


def declare() -> None:
    """Fill the shell's registries."""
    register_panel(
        Panel(
            code="notifications.addresses",
            title=_("Adresses qui refusent nos messages"),
            template="notifications/panels/addresses.html",
            context=_address_panel,
            order=5,
        )
    )
