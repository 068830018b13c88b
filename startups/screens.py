"""What this app puts in the menu, on the dashboards and on the public home."""

from django.utils.translation import gettext_lazy as _

from foundation.accounts.enums import Role
from foundation.accounts.selectors import holds, people_stood_for
from foundation.clock import now
from foundation.screens.registry import (
    HomeBlock,
    NavItem,
    Panel,
    everyone,
    register_home_block,
    register_nav,
    register_panel,
)
from startups.models import Startup
from startups.selectors import delivery, impact, portfolio


def _product_owner_panel(user) -> dict | None:
    if not holds(user, Role.PRODUCT_OWNER):
        return None
    mine = Startup.objects.filter(product_owner__in=people_stood_for(user, Role.PRODUCT_OWNER))
    return {
        "iterations": delivery.iterations_to_settle(user),
        "due": impact.measures_due(mine, now().date()),
    }


def _holder_panel(user) -> dict | None:
    if not holds(user, Role.SUPPLIER):
        return None
    iterations = delivery.iterations_to_deliver(user)
    return {"iterations": iterations} if iterations else None


def _home_block() -> dict | None:
    figures = portfolio.public_figures()
    if not figures["total"]:
        return None
    startups = portfolio.startups_found(impact="national")[:7]
    return {"figures": figures, "startups": list(startups)}


def declare() -> None:
    """Fill the shell's registries."""
    register_nav(NavItem(label=_("Startups d'État"), url_name="startups:list", visible=everyone, order=50))
    register_panel(
        Panel(
            "startups.product",
            _("Mes startups"),
            "startups/panels/product_owner.html",
            _product_owner_panel,
            40,
        )
    )
    register_panel(
        Panel("startups.holder", _("Itérations à livrer"), "startups/panels/holder.html", _holder_panel, 41)
    )
    register_home_block(HomeBlock("startups.portfolio", "startups/home_block.html", _home_block, 40))
