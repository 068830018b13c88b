"""What this app puts in the menu and on the dashboards."""

from django.utils.translation import gettext_lazy as _

from foundation.accounts import rules, selectors
from foundation.accounts.enums import Role
from foundation.screens.registry import NavItem, Panel, register_nav, register_panel


def _administers(user) -> bool:
    return selectors.holds(user, Role.ORG_ADMIN, Role.PLATFORM_ADMIN)


def _platform_panel(user) -> dict | None:
    return selectors.accounts_in_brief() if rules.can_manage_users(user) else None


def declare() -> None:
    """Fill the shell's registries."""
    register_nav(
        NavItem(
            label=_("Organisations"), url_name="accounts:organisation_list", visible=_administers, order=90
        )
    )
    register_panel(
        Panel(
            code="accounts.platform",
            title=_("Comptes de la plateforme"),
            template="accounts/panels/platform.html",
            context=_platform_panel,
            order=10,
        )
    )
