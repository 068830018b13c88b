"""The block of the dashboard that says what waits for me."""

from django.utils.translation import gettext_lazy as _

from foundation.accounts.approvals import registry, rules
from foundation.accounts.selectors import holds
from foundation.screens.registry import Panel, register_panel

SHOWN = 5


def _waiting(user) -> dict | None:
    if not any(holds(user, *action.roles) for action in registry.actions()):
        return None
    waiting = rules.approvals_waiting_for(user).select_related("asked_by")[: SHOWN + 1]
    found = [approval for approval in waiting if rules.can_confirm_approval(user, approval)]
    return {"approvals": registry.worded(found[:SHOWN]), "more": len(found) > SHOWN} if found else None


def declare() -> None:
    """Fill the shell's registry."""
    register_panel(
        Panel(
            code="accounts.approvals",
            title=_("À confirmer"),
            template="accounts/approvals/panel.html",
            context=_waiting,
            order=5,
        )
    )
