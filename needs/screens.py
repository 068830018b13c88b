"""What this app puts in the menu and on the dashboards."""

from django.utils.translation import gettext_lazy as _

from foundation.screens.registry import NavItem, Panel, register_nav, register_panel
from needs import rules, selectors


def _panel(user) -> dict | None:
    if not rules.is_called_to_teams(user):
        return None
    brief, may_create = selectors.projects_in_brief(user), rules.opens_projects(user)
    return {**brief, "may_create": may_create} if brief["projects"] or may_create else None


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
