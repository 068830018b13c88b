"""What this app puts in the menu and on the dashboards."""

from django.utils.translation import gettext_lazy as _

from foundation.screens.registry import NavItem, Panel, register_nav, register_panel
from needs import rules, selectors


def _panel(user) -> dict | None:
    brief = selectors.projects_in_brief(user)
    if not brief["projects"] and not rules.works_on_projects(user):
        return None
    return {**brief, "may_create": rules.opens_projects(user)}


def declare() -> None:
    """Fill the shell's registries."""
    register_nav(
        NavItem(label=_("Projets d'achat"), url_name="needs:list", visible=rules.follows_projects, order=20)
    )
    register_panel(
        Panel(
            code="needs.projects",
            title=_("Projets d'achat"),
            template="needs/panels/projects.html",
            context=_panel,
            order=20,
        )
    )
