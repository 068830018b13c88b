"""The state machines of what makes people belong: invitations and requests."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.accounts import rules
from foundation.accounts.enums import InvitationState, JoinRequestState
from foundation.errors import Reason
from foundation.workflow import Transition, Workflow


def link_is_still_good(invitation, at):
    """The link opens until its date, whether or not the sweep has passed."""
    if invitation.expires_at <= at:
        yield Reason(
            _("Cette invitation a expiré : demandez à l’organisation de vous l’envoyer à nouveau."),
            code="too_late",
        )


def inviter_still_administers(invitation, at):
    """What somebody offered who has since lost the right to give roles is not given."""
    inviter = invitation.invited_by
    if inviter is not None and not rules.can_manage_members(inviter, invitation.organisation):
        yield Reason(
            _("Qui vous a invité n’administre plus cette organisation : demandez une nouvelle invitation."),
            code="conflict",
        )


def date_is_past(invitation, at):
    """Only time makes an invitation expire."""
    if invitation.expires_at > at:
        yield Reason(_("Cette invitation est encore valable."), code="too_early")


INVITATION = Workflow(
    gettext_lazy("Invitation"),
    InvitationState,
    (
        Transition(
            name="accept",
            label=gettext_lazy("Accepter"),
            sources=(InvitationState.PENDING,),
            target=InvitationState.ACCEPTED,
            who=rules.can_answer_invitation,
            conditions=(link_is_still_good, inviter_still_administers),
        ),
        Transition(
            name="decline",
            label=gettext_lazy("Décliner"),
            sources=(InvitationState.PENDING,),
            target=InvitationState.DECLINED,
            who=rules.can_answer_invitation,
        ),
        Transition(
            name="revoke",
            label=gettext_lazy("Révoquer"),
            sources=(InvitationState.PENDING,),
            target=InvitationState.REVOKED,
            who=rules.can_manage_invitation,
        ),
        Transition(
            name="expire",
            label=gettext_lazy("Laisser expirer"),
            sources=(InvitationState.PENDING,),
            target=InvitationState.EXPIRED,
            who=rules.only_the_platform,
            conditions=(date_is_past,),
        ),
        Transition(
            name="send_again",
            label=gettext_lazy("Envoyer à nouveau"),
            sources=(InvitationState.PENDING, InvitationState.EXPIRED),
            target=InvitationState.PENDING,
            who=rules.can_manage_invitation,
        ),
    ),
)

JOIN_REQUEST = Workflow(
    gettext_lazy("Demande de rattachement"),
    JoinRequestState,
    (
        Transition(
            name="accept",
            label=gettext_lazy("Accepter"),
            sources=(JoinRequestState.PENDING,),
            target=JoinRequestState.ACCEPTED,
            who=rules.can_decide_join_request,
        ),
        Transition(
            name="refuse",
            label=gettext_lazy("Refuser"),
            sources=(JoinRequestState.PENDING,),
            target=JoinRequestState.REFUSED,
            who=rules.can_decide_join_request,
        ),
        Transition(
            name="withdraw",
            label=gettext_lazy("Retirer"),
            sources=(JoinRequestState.PENDING,),
            target=JoinRequestState.WITHDRAWN,
            who=rules.can_withdraw_join_request,
        ),
    ),
)
