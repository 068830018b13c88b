"""The acts of this stage that wait for a second person: moving an announced deadline later (S4)."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.accounts.approvals import registry
from foundation.accounts.approvals.registry import ApprovalAction
from foundation.accounts.enums import Role
from tenders.models import Tender
from tenders.services.changes import EXTEND_DEADLINE, extension_publish
from tenders.snapshots import words_of


def _state(tender: Tender, change: dict) -> dict:
    return {"state": tender.state, "due_at": tender.submission_due_at.isoformat()}


def _describe(facts: dict):
    yield _("Date limite annoncée"), words_of(datetime.fromisoformat(facts["object"]["due_at"]))
    yield _("Nouvelle date limite"), words_of(datetime.fromisoformat(facts["change"]["due_at"]))
    yield _("Motif, qui sera publié"), facts["change"]["reason"]


def _perform(approval, tender: Tender, *, by, at) -> None:
    change = approval.facts["change"]
    extension_publish(
        tender=tender,
        due_at=datetime.fromisoformat(change["due_at"]),
        reason=change["reason"],
        by=approval.asked_by,
        confirmed_by=by,
        at=at,
    )


def declare() -> None:
    """Fill the registry."""
    registry.register(
        ApprovalAction(
            code=EXTEND_DEADLINE,
            label=gettext_lazy("Repousser la date limite d'une consultation"),
            roles=(Role.BUYER, Role.SIGNATORY),
            state_of=_state,
            describe=_describe,
            perform=_perform,
        )
    )
