"""Who may see and manage accounts and organisations."""

from django.db.models import QuerySet

from foundation.accounts.enums import Role
from foundation.accounts.models import Organisation, User
from foundation.accounts.selectors import has_role, is_platform_admin, organisation_ids


def organisations_visible_to(user) -> QuerySet[Organisation]:
    """A person sees the organisations he belongs to; the platform administrator sees all."""
    if is_platform_admin(user):
        return Organisation.objects.all()
    return Organisation.objects.filter(pk__in=organisation_ids(user))


def can_manage_members(user, organisation: Organisation) -> bool:
    """Members are managed by an administrator of the organisation, or of the platform."""
    return has_role(user, organisation, Role.ORG_ADMIN) or is_platform_admin(user)


def can_create_organisation(user) -> bool:
    """Buyers' organisations are created by the platform administrator; suppliers register themselves."""
    return is_platform_admin(user)


def can_manage_users(user) -> bool:
    """Accounts are opened and closed by the platform administrator."""
    return is_platform_admin(user)


def users_visible_to(user) -> QuerySet[User]:
    """The platform administrator sees every account; others see the members of their organisations."""
    if is_platform_admin(user):
        return User.objects.all()
    return User.objects.filter(memberships__organisation_id__in=organisation_ids(user)).distinct()
