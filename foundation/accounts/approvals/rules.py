"""Who sees and decides what waits for a second person."""

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from foundation.accounts.approvals import registry
from foundation.accounts.models import Approval, User
from foundation.accounts.selectors import has_role, holds, organisation_ids, roles_held, users_with_role


def approvals_visible_to(user) -> QuerySet[Approval]:
    """One sees what one asked, and what the roles one holds now let one confirm."""
    if not user.is_authenticated:
        return Approval.objects.none()
    watched = Q(organisation_id__in=organisation_ids(user), outside_from_at__isnull=False)
    return Approval.objects.filter(Q(asked_by=user) | Q(asked_for=user) | watched | _within_reach(user))


def approvals_waiting_for(user) -> QuerySet[Approval]:
    """What waits for this person: within reach of his roles, and asked by somebody else."""
    if not user.is_authenticated:
        return Approval.objects.none()
    asked = Approval.objects.filter(_within_reach(user, opened=Q(outside_from_at__lte=Now())), state="asked")
    return asked.exclude(asked_by=user).exclude(asked_for=user)


def can_confirm_approval(user, approval: Approval) -> bool:
    """Confirmed by another person than who asked: neither himself, nor whom he acted for, nor one who acts for him."""
    action = registry.find(approval.action)
    askers = _askers(approval)
    # Each right to confirm is one's own, or that of whoever lent it.
    rights = {
        one.principal_id or user.pk
        for one in roles_held(user)
        if _of_house(one, action, approval) or _from_outside(one, action, approval)
    }
    if user.pk in askers or not rights - askers:
        return False
    has_role(user, approval.organisation_id, *action.roles)  # notes for the journal in whose name this is
    return True


def house_answers_first(user, approval: Approval) -> bool:
    """Whether `user` confirms from outside only: not before `outside_from_at`, which is left to the house."""
    action = registry.find(approval.action)
    held = roles_held(user)
    return any(_from_outside(one, action, approval) for one in held) and not any(
        _of_house(one, action, approval) for one in held
    )


def can_oppose_approval(user, approval: Approval) -> bool:
    """Anyone of the organisation, but who asked, stops what people from outside could decide alone."""
    asked_here = approval.outside_from_at is not None and approval.organisation_id is not None
    return asked_here and user.pk not in _askers(approval) and has_role(user, approval.organisation_id)


def watchers_of(approval: Approval) -> QuerySet[User]:
    """Everybody of the organisation, told at once of what could be decided from outside."""
    if approval.outside_from_at is None or approval.organisation_id is None:
        return User.objects.none()
    return users_with_role(approval.organisation).exclude(pk__in=_askers(approval))


def can_refuse_approval(user, approval: Approval) -> bool:
    """Refused by whoever could confirm it."""
    return can_confirm_approval(user, approval)


def only_time(user, approval: Approval) -> bool:
    """Nobody: time does it."""
    return False


def confirmers_of(approval: Approval) -> QuerySet[User]:
    """Who may confirm it now, by name."""
    action = registry.find(approval.action)
    anywhere = User.objects.filter(is_active=True, is_program=False)
    if approval.organisation_id is None:
        found = anywhere.filter(memberships__role__in=action.roles).distinct()
    else:
        found = users_with_role(approval.organisation, *action.roles)
    if approval.outside_from_at is not None:
        outside = anywhere.filter(memberships__role__in=action.outside_roles)
        found = User.objects.filter(Q(pk__in=found.values("pk")) | Q(pk__in=outside.values("pk")))
    return found.exclude(pk__in=_askers(approval))


def _askers(approval) -> set[int]:
    return {pk for pk in (approval.asked_by_id, approval.asked_for_id) if pk}


def _of_house(held, action, approval) -> bool:
    return held.role in action.roles and approval.organisation_id in (None, held.organisation_id)


def _from_outside(held, action, approval) -> bool:
    return approval.outside_from_at is not None and held.role in action.outside_roles


def _within_reach(user, opened: Q | None = None) -> Q:
    """The requests that the roles of `user` let him confirm; `opened` says which of those, from outside."""
    reach = Q(pk=None)
    for action in registry.actions():
        here = Q(organisation_id__in=organisation_ids(user, *action.roles))
        if holds(user, *action.roles):
            here |= Q(organisation=None)
        if holds(user, *action.outside_roles):
            here |= opened or Q(outside_from_at__isnull=False)
        reach |= Q(action=action.code) & here
    return reach
