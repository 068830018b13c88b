"""Who belongs where, with which role. Memberships of a user are read once for each request."""

from django.db.models import Count, Q, QuerySet

from foundation.accounts.enums import Role
from foundation.accounts.models import Organisation, User


def role_pairs(user) -> frozenset[tuple[int, str]]:
    """The pairs (organisation id, role) of `user`: none when anonymous or closed. Kept on the user object."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return frozenset()
    if not hasattr(user, "_role_pairs"):
        user._role_pairs = frozenset(user.memberships.values_list("organisation_id", "role"))
    return user._role_pairs


def has_role(user, organisation: Organisation | int | None, *roles: str) -> bool:
    """Whether `user` holds one of `roles` (any role when none is given) in `organisation`."""
    if organisation is None:
        return False
    organisation_id = organisation if isinstance(organisation, int) else organisation.pk
    return any(found == organisation_id and (not roles or role in roles) for found, role in role_pairs(user))


def organisation_ids(user, *roles: str) -> set[int]:
    """Ids of the organisations where `user` holds one of `roles` (any role when none is given)."""
    return {organisation for organisation, role in role_pairs(user) if not roles or role in roles}


def organisations_of(user, *roles: str) -> QuerySet[Organisation]:
    """Organisations where `user` holds one of `roles` (any role when none is given), by name."""
    return Organisation.objects.filter(pk__in=organisation_ids(user, *roles))


def holds(user, *roles: str) -> bool:
    """Whether `user` holds one of `roles` anywhere."""
    return any(role in roles for _organisation, role in role_pairs(user))


def users_with_role(organisation: Organisation, *roles: str) -> QuerySet[User]:
    """Active members of `organisation` with one of `roles`, each once, by name."""
    memberships = organisation.memberships.filter(role__in=roles) if roles else organisation.memberships.all()
    return User.objects.filter(is_active=True, pk__in=memberships.values("user_id"))


def is_platform_admin(user) -> bool:
    """Whether `user` administers accounts. It opens no bid, no score, no jury list."""
    return holds(user, Role.PLATFORM_ADMIN)


def accounts_in_brief() -> dict[str, int]:
    """How many organisations, open and closed accounts there are, for who administers the platform."""
    users = User.objects.aggregate(
        opened=Count("pk", filter=Q(is_active=True)), closed=Count("pk", filter=Q(is_active=False))
    )
    return {**users, "organisations": Organisation.objects.count()}
