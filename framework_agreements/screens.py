"""What this stage puts in the menu, on the dashboards and on the public home."""

from django.utils.translation import gettext_lazy as _

from foundation.accounts.enums import Role
from foundation.accounts.selectors import organisation_ids
from foundation.screens.registry import (
    HomeBlock,
    NavItem,
    Panel,
    register_home_block,
    register_nav,
    register_panel,
)
from framework_agreements import rules, selectors
from framework_agreements.enums import OrderState
from needs.registry import ProjectSection, register_project_section

SHOWN = 5


def _administrator_panel(user) -> dict | None:
    """Agreements this person runs, with their consumption."""
    organisations = organisation_ids(user, *rules.ADMINISTRATORS)
    if not organisations:
        return None
    return {
        "agreements": selectors.agreements_with_consumption(organisations)[:SHOWN],
        "awards_to_take": selectors.awards_to_take(organisations)[:SHOWN],
    }


def _holder_panel(user) -> dict | None:
    """Orders that wait for the holder's acknowledgement, and those it is carrying out."""
    firms = organisation_ids(user, Role.SUPPLIER)
    if not firms:
        return None
    mine = selectors.order_rows().filter(holder__organisation__in=firms)
    received = mine.filter(state=OrderState.ISSUED).order_by("-issued_at")[:SHOWN]
    running = mine.filter(state=OrderState.ACKNOWLEDGED).order_by("-issued_at")[:SHOWN]
    orders = list(received.union(running, all=True))
    return {
        "received": [order for order in orders if order.state == OrderState.ISSUED],
        "running": [order for order in orders if order.state == OrderState.ACKNOWLEDGED],
    }


def _buyer_panel(user) -> dict | None:
    """Drafts to finish or issue, and orders under way, of the beneficiaries this person orders for."""
    organisations = organisation_ids(user, *rules.DRAFTERS, Role.SIGNATORY)
    if not organisations:
        return None
    mine = selectors.order_rows().filter(beneficiary__organisation__in=organisations)
    running = mine.filter(state__in=[OrderState.ISSUED, OrderState.ACKNOWLEDGED])
    # Both lists in one query: a dashboard has many panels.
    drafts = mine.filter(state=OrderState.DRAFT)[:SHOWN]
    orders = list(drafts.union(running.order_by("-issued_at")[:SHOWN], all=True))
    return {
        "drafts": [order for order in orders if order.state == OrderState.DRAFT],
        "running": [order for order in orders if order.state != OrderState.DRAFT],
        "progress": selectors.progress_of_orders(running),
        "may_draft": rules.drafts_orders(user),
    }


def _project_orders(user, project) -> dict | None:
    """The orders of a project that this person may read, with their person-days (CCTP § 7.2)."""
    seen = rules.orders_visible_to(user).filter(project=project)
    orders = list(selectors.order_rows().filter(pk__in=seen.values("pk"))[: SHOWN * 4])
    if not orders:
        return None
    return {
        "orders": orders,
        "progress": selectors.progress_of_orders([order.pk for order in orders if order.number]),
    }


def _home() -> dict | None:
    figures = selectors.figures()
    return figures if figures["agreement_count"] else None


def declare() -> None:
    """Fill the shell's registries."""
    register_nav(NavItem(label=_("Accords-cadres"), url_name="framework_agreements:list", order=40))
    register_nav(
        NavItem(
            label=_("Bons de commande"),
            url_name="framework_agreements:orders",
            visible=rules.works_on_orders,
            order=45,
        )
    )
    folder = "framework_agreements/panels"
    for code, title, context, order in [
        ("administrator", _("Accords-cadres que vous administrez"), _administrator_panel, 40),
        ("buyer", _("Vos bons de commande"), _buyer_panel, 45),
        ("holder", _("Commandes reçues"), _holder_panel, 40),
    ]:
        register_panel(Panel(f"framework_agreements.{code}", title, f"{folder}/{code}.html", context, order))
    register_project_section(
        ProjectSection(
            code="framework_agreements.orders",
            template="framework_agreements/project_orders.html",
            context=_project_orders,
            order=200,
        )
    )
    register_home_block(HomeBlock("framework_agreements", "framework_agreements/home.html", _home, 40))
