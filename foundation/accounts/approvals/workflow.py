"""The life of an act that waits for a second person."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from foundation.accounts.approvals import rules
from foundation.accounts.enums import ApprovalState
from foundation.errors import Reason
from foundation.workflow import Transition, Workflow


def not_lapsed(approval, at):
    """A request has a term: past it, the situation has to be looked at again."""
    if approval.lapses_at <= at:
        yield Reason(
            _now("Cette demande est caduque : elle est à refaire si elle est encore utile."), code="too_late"
        )


def delay_is_over(approval, at):
    """What was confirmed from outside waits, so that anyone of the house may oppose it."""
    if approval.takes_effect_at > at:
        yield Reason(_now("Le délai d’opposition court encore."), code="too_early")


APPROVAL = Workflow(
    name=_("Acte à confirmer par une seconde personne"),
    states=ApprovalState,
    transitions=(
        Transition(
            "confirm",
            _("Confirmer"),
            (ApprovalState.ASKED,),
            ApprovalState.CONFIRMED,
            rules.can_confirm_approval,
            (not_lapsed,),
        ),
        Transition(
            "delay",
            _("Confirmer de l’extérieur"),
            (ApprovalState.ASKED,),
            ApprovalState.DELAYED,
            rules.can_confirm_approval,
            (not_lapsed,),
        ),
        Transition(
            "take_effect",
            _("Prendre effet"),
            (ApprovalState.DELAYED,),
            ApprovalState.CONFIRMED,
            rules.only_time,
            (delay_is_over,),
        ),
        Transition(
            "oppose",
            _("S’opposer"),
            (ApprovalState.ASKED, ApprovalState.DELAYED),
            ApprovalState.OPPOSED,
            rules.can_oppose_approval,
        ),
        Transition(
            "refuse", _("Refuser"), (ApprovalState.ASKED,), ApprovalState.REFUSED, rules.can_refuse_approval
        ),
        Transition(
            "lapse",
            _("Devenir caduque"),
            (ApprovalState.ASKED, ApprovalState.DELAYED),
            ApprovalState.LAPSED,
            rules.only_time,
        ),
    ),
)
