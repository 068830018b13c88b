"""What consultations put in the menu, on the home page, on the dashboards and on the page of a project."""

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.accounts.enums import Role
from foundation.accounts.selectors import organisation_ids
from foundation.clock import now
from foundation.screens.registry import (
    HomeBlock,
    NavItem,
    Panel,
    register_home_block,
    register_nav,
    register_panel,
)
from needs.registry import (
    ProjectAction,
    ProjectSection,
    register_project_action,
    register_project_section,
)
from tenders import rules, selectors
from tenders.enums import TenderState
from tenders.models import Tender

SHOWN = 5


def open_calls() -> dict | None:
    """The calls whose deadline comes first, for the home page; None while there is none."""
    calls = Tender.objects.public().receiving(now()).select_related("buyer").defer("search_vector")
    soon = list(calls.annotate(lot_count=Count("lots")).order_by("submission_due_at", "pk")[:3])
    return {"calls": soon, "count": calls.count()} if soon else None


def _buyer(user) -> dict | None:
    if not organisation_ids(user, Role.BUYER, Role.SIGNATORY):
        return None
    running = (TenderState.DRAFT, TenderState.PUBLISHED, TenderState.OPENED)
    rows = selectors.tenders_of_buyer(user).filter(state__in=running)
    return {"tenders": rows[:SHOWN], "may_create": rules.opens_tenders(user)}


def _custodian(user) -> dict | None:
    if not rules.can_hold_custodian_key(user):
        return None
    return {
        "to_open": selectors.tenders_to_open(user, now())[:SHOWN],
        "has_key": selectors.current_custodian_key(user) is not None,
    }


def _evaluator(user) -> dict | None:
    houses = organisation_ids(user, Role.EVALUATOR)
    if not houses:
        return None
    return {"tenders": selectors.tenders_to_score(user)[:SHOWN]}


def _supplier(user) -> dict | None:
    if not rules.answers_tenders(user):
        return None
    calls = rules.tenders_visible_to(user).receiving(now()).select_related("buyer").defer("search_vector")
    return {
        "calls": calls.order_by("submission_due_at", "pk")[:SHOWN],
        "bids": selectors.own_deposits(user)[:SHOWN],
    }


def _project_section(user, project) -> dict | None:
    seen = rules.tenders_visible_to(user).filter(project=project).defer("search_vector")
    found = list(seen.order_by("-created_at", "-pk"))
    return {"tenders": found} if found else None


def _start_url(user, project) -> str | None:
    allowed = rules.can_create_tender(user, project) and project.state != "closed"
    return reverse("tenders:create", args=[project.pk]) if allowed else None


PANELS = (
    Panel("tenders.buyer", _("Nos consultations"), "tenders/panels/buyer.html", _buyer, order=30),
    Panel("tenders.custodian", _("Plis à ouvrir"), "tenders/panels/custodian.html", _custodian, order=10),
    Panel("tenders.evaluator", _("Offres à noter"), "tenders/panels/evaluator.html", _evaluator, order=10),
    Panel(
        "tenders.supplier",
        _("Consultations et réponses"),
        "tenders/panels/supplier.html",
        _supplier,
        order=10,
    ),
)


def declare() -> None:
    """Fill the registries of the shell and of the projects."""
    register_nav(NavItem(label=_("Consultations"), url_name="tenders:list", order=10))
    for panel in PANELS:
        register_panel(panel)
    register_home_block(HomeBlock("tenders.open", "tenders/panels/home.html", open_calls, order=10))
    register_project_action(
        ProjectAction("tenders.create", _("Préparer une consultation"), url=_start_url, order=20)
    )
    register_project_section(
        ProjectSection("tenders.list", "tenders/panels/project.html", _project_section, order=20)
    )
