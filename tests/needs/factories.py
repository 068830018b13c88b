"""Plain functions that make purchase projects for tests, through the services."""

from datetime import datetime
from zoneinfo import ZoneInfo

from foundation.accounts.enums import Role
from needs import services
from needs.enums import InvestmentForm
from needs.models import PurchaseProject
from tests.accounts.factories import make_buyer_org, make_member

AT = datetime(2026, 3, 3, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))


def make_project(*, organisation=None, by=None, at=AT, **description) -> PurchaseProject:
    """A project in draft, opened by a buyer of its organisation."""
    organisation = organisation or make_buyer_org()
    by = by or make_member(organisation, Role.BUYER)
    description.setdefault("title", "Un service numérique utile")
    return services.project_create(organisation=organisation, **description, by=by, at=at)


def make_strategy_line(project, *, by=None, at=AT, **content):
    """A purchase in the strategy of the project."""
    content.setdefault("form", InvestmentForm.PURCHASE)
    content.setdefault("title", "Un accord-cadre à bons de commande")
    return services.strategy_line_add(project=project, **content, by=by or project.created_by, at=at)


def make_ready_project(*, organisation=None, by=None, at=AT, **description) -> PurchaseProject:
    """A project with a strategy line "purchase", ready for a consultation."""
    project = make_project(organisation=organisation, by=by, at=at, **description)
    make_strategy_line(project, at=at)
    return services.project_make_ready(project=project, by=project.created_by, at=at)
