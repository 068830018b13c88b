"""Erasing a person who leaves: asked, confirmed by somebody else, done; what the law keeps stays, without a name."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from foundation.accounts import rules
from foundation.accounts.approvals import actions as approvals
from foundation.accounts.approvals.services import approval_ask
from foundation.accounts.enums import InvitationState, JoinRequestState
from foundation.accounts.models import Approval, Delegation, Invitation, User
from foundation.accounts.personal import registry
from foundation.accounts.selectors import forget_roles
from foundation.accounts.services.delegations import lapse
from foundation.accounts.services.invitations import invitation_revoke
from foundation.accounts.services.joining import join_request_refuse
from foundation.accounts.services.people import identity_erase
from foundation.accounts.services.rows import forbidden
from foundation.errors import Refusal
from foundation.journal import services as journal

ERASE_ACCOUNT = "accounts.erase_account"


@transaction.atomic
def erasure_ask(*, user, reason, by, at) -> Approval | User:
    """Have a person's data erased: by himself or by the administration of the platform.

    It is confirmed by another administrator of the platform, whose request is returned; the only one there is does it
    at once for others, and the account is returned. Raises Refusal: somebody else, what forbids it for now (the only
    administrator of a house, a key without which bids do not open), nobody to confirm.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if not rules.can_ask_erasure(by, user):
        raise forbidden(
            _("L’effacement est demandé par la personne, ou par l’administration de la plateforme.")
        )
    _check_possible(user)
    if user == by or approvals.reopening_needs_second_person():
        change = {"reason": reason}
        return approval_ask(
            action=ERASE_ACCOUNT, obj=user, change=change, organisation=None, reason=reason, by=by, at=at
        )
    return user_erase(user=user, reason=reason, by=by, at=at)


@transaction.atomic
def user_erase(*, user, reason, by, at) -> User:
    """Close the account and erase what names its owner; each section says what stays and why (`registry`)."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if not rules.can_manage_users(by):
        raise forbidden(_("Seule l’administration de la plateforme efface les données d’un compte."))
    _check_possible(user)
    _settle_what_waits(user, by, at)
    for section in registry.sections():
        section.erase(user)
    Approval.objects.filter(object_type=User._meta.label, object_id=str(user.pk)).update(
        object_label=_("Personne effacée")
    )
    identity_erase(user, _("Personne effacée"))
    forget_roles(user)
    journal.record(by=by, action="accounts.erase_user", obj=user, at=at, reason=reason)
    return user


def _check_possible(user) -> None:
    if user.is_erased:
        raise Refusal(_("Les données de ce compte sont déjà effacées."), code="conflict")
    if user.is_program:
        raise Refusal(_("Un programme n’est pas une personne : fermez-le depuis son organisation."))
    if reasons := registry.obstacles(user):
        raise Refusal.of(reasons)


def _settle_what_waits(user, by, at) -> None:
    """What was lent ends, what was offered or asked is closed, each with its line in the journal."""
    lapse(Delegation.objects.filter(Q(principal=user) | Q(delegate=user)), by=by, at=at)
    for invitation in Invitation.objects.filter(email=user.email, state=InvitationState.PENDING):
        invitation_revoke(invitation=invitation, by=by, at=at)
    for asked in user.join_requests.filter(state=JoinRequestState.PENDING):
        join_request_refuse(join_request=asked, by=by, at=at)
