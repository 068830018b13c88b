"""Who sees and decides what waits for a second person."""

from django.db.models import Q, QuerySet

from foundation.accounts.approvals import registry
from foundation.accounts.enums import ApprovalState
from foundation.accounts.models import Approval, User
from foundation.accounts.selectors import has_role, holds, organisation_ids, roles_held, users_with_role


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
    roles = registry.find(approval.action).roles
    askers = {approval.asked_by_id, approval.asked_for_id}
    # Each right to confirm is one's own, or that of whoever lent it.
    rights = {
        one.principal_id or user.pk
        for one in roles_held(user)
        if one.role in roles and approval.organisation_id in (None, one.organisation_id)
    }
    if user.pk in askers or not rights - askers:
        return False
    has_role(user, approval.organisation_id, *roles)  # notes for the journal in whose name this is
    return True


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
