"""Who may see and manage accounts and organisations."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from foundation.accounts.enums import ROLES_BY_KIND, OrganisationKind, Role
from foundation.accounts.legal import DELEGABLE_ROLES
from foundation.accounts.models import Delegation, Invitation, JoinRequest, Membership, Organisation, User
from foundation.accounts.selectors import has_role, is_platform_admin, organisation_ids


def organisations_visible_to(user) -> QuerySet[Organisation]:
    """A person sees the organisations he belongs to; the platform administrator sees all."""
    if is_platform_admin(user):
        return Organisation.objects.all()
    return Organisation.objects.filter(pk__in=organisation_ids(user))


def can_manage_members(user, organisation: Organisation) -> bool:
    """Members are managed by an administrator of the organisation, or of the platform."""
    return has_role(user, organisation, Role.ORG_ADMIN) or is_platform_admin(user)


def roles_to_give(user, organisation: Organisation) -> tuple[Role, ...]:
    """The roles that `user` gives here. The administration of the platform only names administrators of houses:

    whoever reads bids or scores is chosen by the organisation itself.
    """
    exist = ROLES_BY_KIND[organisation.kind]
    if is_platform_admin(user):
        return exist if organisation.kind == OrganisationKind.OTHER else (Role.ORG_ADMIN,)
    if not has_role(user, organisation, Role.ORG_ADMIN):
        return ()
    return tuple(role for role in exist if role != Role.PLATFORM_ADMIN)


def can_create_organisation(user) -> bool:
    """Buyers' organisations are created by the platform administrator; suppliers register themselves."""
    return is_platform_admin(user)


def can_manage_users(user) -> bool:
    """Accounts are opened and closed by the platform administrator."""
    return is_platform_admin(user)


def can_ask_erasure(user, account: User) -> bool:
    """One asks for oneself; the administration of the platform for somebody who leaves. Programs are no persons."""
    return not account.is_program and (user.pk == account.pk or can_manage_users(user))


def can_read_account_history(user, account: User) -> bool:
    """What was done to an account is read on its page, by the platform administrator."""
    return can_manage_users(user)


def users_visible_to(user) -> QuerySet[User]:
    """The platform administrator sees every account; others see the members of their organisations."""
    if is_platform_admin(user):
        return User.objects.all()
    return User.objects.filter(memberships__organisation_id__in=organisation_ids(user)).distinct()


def delegations_visible_to(user) -> QuerySet[Delegation]:
    """A delegation is seen by who gave it, who received it, and the administrators of the organisation."""
    if not user.is_authenticated:
        return Delegation.objects.none()
    mine = Q(principal=user) | Q(delegate=user)
    return Delegation.objects.filter(mine | Q(organisation_id__in=organisation_ids(user, Role.ORG_ADMIN)))


def can_revoke_delegation(user, delegation: Delegation) -> bool:
    """Who lent the role, who received it, and who gives roles in the organisation, end a delegation."""
    concerned = user.pk in (delegation.principal_id, delegation.delegate_id)
    return concerned or can_manage_members(user, delegation.organisation)


def roles_to_lend(user) -> QuerySet[Membership]:
    """What a person may lend: the roles held by membership, that are not attached to the person."""
    return user.memberships.filter(role__in=DELEGABLE_ROLES).select_related("organisation")


def approves_own_act(user, authors: Iterable[int | None]) -> bool:
    """Whether `user` would decide, by a right that is only lent to him, on what he prepared himself (X5).

    To be asked just after the right was found (`has_role`): who decides by his own role is not concerned. `authors`
    may be a queryset: it is read only when the right is lent.
    """
    return getattr(user, "_acts_for", None) is not None and user.pk in set(authors)


def invitations_visible_to(user) -> QuerySet[Invitation]:
    """Those who give roles in the organisation see its invitations; the person invited sees his own."""
    if not user.is_authenticated:
        return Invitation.objects.none()
    if is_platform_admin(user):
        return Invitation.objects.all()
    return Invitation.objects.filter(
        Q(organisation_id__in=organisation_ids(user, Role.ORG_ADMIN)) | Q(email=user.email)
    )


def can_manage_invitation(user, invitation: Invitation) -> bool:
    """Those who give roles in the organisation send an invitation again or revoke it."""
    return can_manage_members(user, invitation.organisation)


def can_answer_invitation(user, invitation: Invitation) -> bool:
    """Only the account that bears the address accepts or declines."""
    return user.is_authenticated and user.is_active and user.email == invitation.email


def only_the_platform(user, obj) -> bool:
    """Nobody by hand: a sweep does it, when its time has come."""
    return False


def join_requests_visible_to(user) -> QuerySet[JoinRequest]:
    """A request is seen by who made it and by those who give roles in the organisation."""
    if not user.is_authenticated:
        return JoinRequest.objects.none()
    if is_platform_admin(user):
        return JoinRequest.objects.all()
    return JoinRequest.objects.filter(
        Q(organisation_id__in=organisation_ids(user, Role.ORG_ADMIN)) | Q(user=user)
    )


def can_decide_join_request(user, request: JoinRequest) -> bool:
    """Those who give roles in the organisation, never the person who asks."""
    return user.pk != request.user_id and can_manage_members(user, request.organisation)


def can_withdraw_join_request(user, request: JoinRequest) -> bool:
    """Who made it."""
    return user.pk == request.user_id
