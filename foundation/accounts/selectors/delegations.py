"""Who lends what to whom."""

from django.db.models import Q, QuerySet

from foundation.accounts.models import Delegation, Organisation, User
from foundation.accounts.selectors.roles import Held, roles_held, roles_limited


def delegations_received(user, at) -> QuerySet[Delegation]:
    """What others lend to `user` and is not over, the next to end first."""
    return _not_over(Delegation.objects.filter(delegate=user), at)


def delegations_given(user, at) -> QuerySet[Delegation]:
    """What `user` lends and is not over, the next to end first."""
    return _not_over(Delegation.objects.filter(principal=user), at)


def delegations_here(organisation: Organisation, at) -> QuerySet[Delegation]:
    """What members of `organisation` lend each other and is not over, the next to end first."""
    return _not_over(organisation.delegations, at)


def delegations_over(user, at) -> QuerySet[Delegation]:
    """What `user` gave or received and has ended, by itself or by a revocation, the last first."""
    mine = Delegation.objects.filter(Q(principal=user) | Q(delegate=user))
    over = mine.filter(Q(revoked_at__isnull=False) | Q(ends_at__lte=at))
    return over.select_related("principal", "delegate", "organisation", "revoked_by")


def _not_over(delegations, at):
    running = delegations.filter(revoked_at__isnull=True, ends_at__gt=at)
    return running.select_related("principal", "delegate", "organisation").order_by("ends_at", "pk")


def with_stand_ins(person: User, organisation: Organisation, role: str) -> list[User]:
    """`person`, and whoever he lends `role` to in `organisation` now: what concerns the one is told to the other."""
    lent = organisation.delegations.in_force().of_whole_roles().filter(principal=person, role=role)
    lent = lent.select_related("delegate")
    return [person, *(delegation.delegate for delegation in lent)]


def lent_to(user) -> list[Held]:
    """The roles that `user` holds now by delegation only, for the banner of every page."""
    return [*(one for one in roles_held(user) if one.principal_id), *roles_limited(user)]
