"""What this app puts on the dashboards."""

from django.utils.translation import gettext_lazy as _

from foundation.accounts.enums import OrganisationKind
from foundation.accounts.selectors import roles_held
from foundation.documents import rules
from foundation.screens.registry import Panel, register_panel


def _panel(user) -> dict | None:
    """For who writes or keeps the documents of an administration; no question to the database."""
    held = {one.role for one in roles_held(user) if one.organisation_kind == OrganisationKind.BUYER}
    if not held.intersection(rules.APPEARANCE_ROLES):
        return None
    return {"may_dress": True, "may_keep": bool(held.intersection(rules.ARCHIVE_ROLES))}


def declare() -> None:
    """Fill the shell's registries."""
    register_panel(
        Panel(
            code="documents.administration",
            title=_("Documents de l’administration"),
            template="documents/panels/administration.html",
            context=_panel,
            order=80,
        )
    )
