"""The acts of consultations that a second person confirms: the award, and taking an award back."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from foundation.accounts.approvals import registry
from foundation.accounts.approvals.registry import ApprovalAction
from foundation.accounts.enums import Role
from tenders.models import Award, Tender
from tenders.services.award import SUBMIT, proposals_of, tender_award
from tenders.services.remedies import REVERSE, award_reverse


def _award_state(tender: Tender, change: dict) -> dict:
    return {"state": tender.state, "lots": proposals_of(tender)}


def _describe_award(facts: dict):
    yield _now("Consultation"), facts["change"]["tender"]
    for lot in facts["object"]["lots"]:
        said = ", ".join(
            _now("%(name)s (rang %(rank)s, %(score)s sur 100)") % holder for holder in lot["holders"]
        )
        yield lot["label"], said or _now("Non attribué : %(reason)s") % {"reason": lot["unawarded_reason"]}
    yield _now("Rapport d’analyse"), facts["change"]["report"]


def _perform_award(approval, tender: Tender, *, by, at) -> None:
    tender_award(tender=tender, by=by, at=at)


def _reversal_state(tender: Tender, change: dict) -> dict:
    award = Award.every.select_related("lot", "bidder").get(pk=change["award"])
    return {
        "state": tender.state,
        "lot": str(award.lot),
        "bidder": award.bidder.name,
        "rank": award.rank,
        "reversed_at": award.reversed_at.isoformat() if award.reversed_at else "",
    }


def _describe_reversal(facts: dict):
    yield _now("Lot"), facts["object"]["lot"]
    yield _now("Attributaire"), facts["object"]["bidder"]
    yield _now("Fondement"), facts["change"]["label"]
    yield _now("Motif"), facts["change"]["reason"]


def _perform_reversal(approval, tender: Tender, *, by, at) -> None:
    change = approval.facts["change"]
    award = Award.every.get(pk=change["award"])
    award_reverse(award=award, ground=change["ground"], reason=change["reason"], by=by, at=at)


ACTIONS = (
    ApprovalAction(
        code=SUBMIT,
        label=_("Décider l'attribution"),
        roles=(Role.SIGNATORY,),
        state_of=_award_state,
        describe=_describe_award,
        perform=_perform_award,
    ),
    ApprovalAction(
        code=REVERSE,
        label=_("Retirer une attribution"),
        roles=(Role.SIGNATORY,),
        state_of=_reversal_state,
        describe=_describe_reversal,
        perform=_perform_reversal,
    ),
)


def declare() -> None:
    """Make these acts known to the foundation."""
    for action in ACTIONS:
        registry.register(action)
