"""Who sees and decides what waits for a second person."""

from django.db.models import Q, QuerySet

from foundation.accounts.approvals import registry
from foundation.accounts.enums import ApprovalState
from foundation.accounts.models import Approval, User
from foundation.accounts.selectors import holds, organisation_ids, principal_for, users_with_role


def approvals_visible_to(user) -> QuerySet[Approval]:
    """One sees what one asked, and what the roles one holds now let one confirm."""
    if not user.is_authenticated:
        return Approval.objects.none()
    return Approval.objects.filter(Q(asked_by=user) | Q(asked_for=user) | _within_reach(user))


def approvals_waiting_for(user) -> QuerySet[Approval]:
    """What waits for this person: within reach of his roles, and asked by somebody else."""
    if not user.is_authenticated:
        return Approval.objects.none()
    asked = Approval.objects.filter(_within_reach(user), state=ApprovalState.ASKED)
    return asked.exclude(asked_by=user).exclude(asked_for=user)


def can_confirm_approval(user, approval: Approval) -> bool:
    """Confirmed by another person than who asked: neither himself, nor whom he acted for, nor one who acts for him."""
    if not _has_role(user, approval):
        return False
    askers = {approval.asked_by_id, approval.asked_for_id} - {None}
    return not askers & {user.pk, _lender(user, approval)}


def can_refuse_approval(user, approval: Approval) -> bool:
    """Refused by whoever could confirm it."""
    return can_confirm_approval(user, approval)


def can_lapse_approval(user, approval: Approval) -> bool:
    """Nobody: time does it."""
    return False


def confirmers_of(approval: Approval) -> QuerySet[User]:
    """Who may confirm it now, by name."""
    roles = registry.find(approval.action).roles
    if approval.organisation_id is None:
        found = User.objects.filter(is_active=True, memberships__role__in=roles).distinct()
    else:
        found = users_with_role(approval.organisation, *roles)
    return found.exclude(pk__in=[pk for pk in (approval.asked_by_id, approval.asked_for_id) if pk])


def _within_reach(user) -> Q:
    reach = Q(pk=None)
    for action in registry.actions():
        here = Q(organisation_id__in=organisation_ids(user, *action.roles))
        if holds(user, *action.roles):
            here |= Q(organisation=None)
        reach |= Q(action=action.code) & here
    return reach


def _has_role(user, approval):
    roles = registry.find(approval.action).roles
    if approval.organisation_id is None:
        return holds(user, *roles)
    return bool(organisation_ids(user, *roles) & {approval.organisation_id})


def _lender(user, approval):
    """Of whom `user` would be the delegate in confirming; None when he holds the role himself."""
    lenders = []
    for role in registry.find(approval.action).roles:
        if approval.organisation_id in organisation_ids(user, role):
            principal = principal_for(user, approval.organisation_id, role)
            lenders.append(principal.pk if principal else None)
    return None if not lenders or None in lenders else lenders[0]
