"""What this app puts on the dashboards."""

from django.utils.translation import gettext_lazy as _

from foundation.accounts.selectors import holds, organisation_ids
from foundation.documents import rules
from foundation.screens.registry import Panel, register_panel


def _panel(user) -> dict | None:
    """For who writes or keeps the documents of an administration; one question at most to the database."""
    if not holds(user, *rules.APPEARANCE_ROLES):
        return None
    dressed = set(rules.organisations_dressed_by(user).values_list("pk", flat=True))
    kept = dressed & organisation_ids(user, *rules.ARCHIVE_ROLES)
    return {"may_dress": True, "may_keep": bool(kept)} if dressed else None


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
