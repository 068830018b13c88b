"""Who belongs where, with which role. What a person holds is read once for each request."""

from copy import copy
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    DateTimeField,
    F,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast

from foundation.accounts.enums import InvitationState, JoinRequestState, Role
from foundation.accounts.invitations import digest_of_link
from foundation.accounts.models import (
    Delegation,
    Invitation,
    JoinRequest,
    Membership,
    Organisation,
    User,
)
from foundation.statements import rows_for


@dataclass(frozen=True, slots=True)
class Held:
    """One role that opens rights now: one's own, or, when there is a `principal_id`, received by delegation."""

    organisation_id: int
    organisation_name: str
    organisation_kind: str
    role: str
    principal_id: int | None = None
    principal_name: str = ""
    ends_at: datetime | None = None

    @property
    def role_label(self) -> str:
        """The role, in French."""
        return Role(self.role).label


def roles_held(user) -> tuple[Held, ...]:
    """Every role of `user` in force now, own and received: none when anonymous or closed.

    One query, kept on the user object: it lives as long as the request, whose first instant decides.
    """
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return ()
    if not hasattr(user, "_roles_held"):
        user._roles_held = tuple(Held(*row) for row in _rows_of(user))
    return user._roles_held


def _rows_of(user):
    """Own roles first, then those received."""
    return sorted(rows_for(_held_by, user.pk), key=lambda row: (row[4] is not None, row[1], row[3]))


def _held_by(user_id: int) -> QuerySet:
    """Roles of one's own and roles received, in one statement."""
    columns = (
        "organisation_id",
        "organisation_name",
        "organisation_kind",
        "held_role",
        "principal_pk",
        "principal_name",
        "until_at",
    )
    own = (
        Membership.objects.filter(user_id=user_id)
        .order_by()
        .annotate(
            organisation_name=F("organisation__name"),
            organisation_kind=F("organisation__kind"),
            held_role=F("role"),
            principal_pk=Cast(Value(None), BigIntegerField()),
            principal_name=Value("", CharField()),
            until_at=Cast(Value(None), DateTimeField()),
        )
    )
    received = (
        Delegation.objects.filter(delegate_id=user_id)
        .in_force()
        .order_by()
        .annotate(
            organisation_name=F("organisation__name"),
            organisation_kind=F("organisation__kind"),
            held_role=F("role"),
            principal_pk=F("principal_id"),
            principal_name=F("principal__full_name"),
            until_at=F("ends_at"),
        )
    )
    return own.values_list(*columns).union(received.values_list(*columns), all=True)


def forget_roles(user) -> None:
    """Have the next question about the roles of `user` asked again: they have just changed."""
    for name in ("_roles_held", "_role_pairs", "_acts_for"):
        user.__dict__.pop(name, None)


def role_pairs(user) -> frozenset[tuple[int, str]]:
    """The pairs (organisation id, role) of `user` in force now, own and received. Kept on the user object."""
    held = roles_held(user)
    if not held:
        return frozenset()
    if not hasattr(user, "_role_pairs"):
        user._role_pairs = frozenset((one.organisation_id, one.role) for one in held)
    return user._role_pairs


def has_role(user, organisation: Organisation | int | None, *roles: str) -> bool:
    """Whether `user` holds one of `roles` (any role when none is given) in `organisation`.

    When one of `roles` is asked and held, it is noted whether it is held by delegation only, and from whom:
    the line of the journal written next says so (`principal_for`).
    """
    if organisation is None:
        return False
    organisation_id = organisation if isinstance(organisation, int) else organisation.pk
    if not roles:
        return any(found == organisation_id for found, _role in role_pairs(user))
    if not any((organisation_id, role) in role_pairs(user) for role in roles):
        return False
    user._acts_for = _lender(user, organisation_id, roles)
    return True


def _lender(user, organisation_id, roles) -> int | None:
    """Who lent one of `roles` to `user`; None when `user` holds one of them himself."""
    found = [one for one in roles_held(user) if one.organisation_id == organisation_id and one.role in roles]
    return found[0].principal_id if found else None


def principal_for(user, organisation: Organisation | int | None = None, role: str = "") -> User | None:
    """For whom `user` acts, when the right comes from a delegation only; None when he acts for himself.

    With `role`, it is asked of that role in `organisation`; without, of the last right that was found for `user`
    (`has_role`), which is the one that opened the act under way.
    """
    if not getattr(user, "is_authenticated", False):
        return None
    if role and organisation is not None:
        organisation_id = organisation if isinstance(organisation, int) else organisation.pk
        principal_id = _lender(user, organisation_id, (role,))
    else:
        principal_id = getattr(user, "_acts_for", None)
    return User.objects.get(pk=principal_id) if principal_id else None


def stands_for(user, person_id: int | None, organisation_id: int, *roles: str) -> bool:
    """Whether `user` is this person, holding one of `roles` himself, or holds one by delegation from this person.

    For the rules that name somebody: the delegate of the product owner of a startup accepts its deliveries, another
    product owner's delegate does not.
    """
    for one in roles_held(user):
        if one.organisation_id == organisation_id and one.role in roles:
            lender = one.principal_id
            if (lender or user.pk) == person_id:
                user._acts_for = lender
                return True
    return False


def people_stood_for(user, role: str) -> set[int]:
    """Ids of the people whose work with `role` is that of `user` now: himself, and those who lend it to him."""
    return {one.principal_id or user.pk for one in roles_held(user) if one.role == role}


def organisation_ids(user, *roles: str) -> set[int]:
    """Ids of the organisations where `user` holds one of `roles` (any role when none is given)."""
    return {organisation for organisation, role in role_pairs(user) if not roles or role in roles}


def organisations_of(user, *roles: str) -> QuerySet[Organisation]:
    """Organisations where `user` holds one of `roles` (any role when none is given), by name.

    The active one comes first: it is the one that a form proposes.
    """
    found = Organisation.objects.filter(pk__in=organisation_ids(user, *roles))
    house = active_house(user)
    return found if house is None else found.order_by(Case(When(pk=house, then=0), default=1), "name", "pk")


def holds(user, *roles: str) -> bool:
    """Whether `user` holds one of `roles` anywhere."""
    return any(role in roles for _organisation, role in role_pairs(user))


def users_with_role(organisation: Organisation, *roles: str) -> QuerySet[User]:
    """People of `organisation` with one of `roles`, or to whom one is lent now; each once, by name.

    Closed accounts and programs are left out: nobody reads what is sent to them.
    """
    people = User.objects.filter(is_active=True, is_program=False)
    if not roles:
        return people.filter(pk__in=organisation.memberships.values("user_id"))
    own = organisation.memberships.filter(role__in=roles).values("user_id")
    lent = organisation.delegations.in_force().filter(role__in=roles).values("delegate_id")
    return people.filter(Q(pk__in=own) | Q(pk__in=lent))


def colleagues(user) -> QuerySet[User]:
    """The other people of the organisations of `user`, by name, with where they belong."""
    shared = Membership.objects.filter(organisation_id__in=organisation_ids(user))
    people = User.objects.filter(is_active=True, is_program=False).exclude(pk=user.pk)
    return people.filter(pk__in=shared.values("user_id"))


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


@dataclass(frozen=True, slots=True)
class Member:
    """A person of an organisation, with the roles held there."""

    user: User
    memberships: tuple[Membership, ...]


def members_of(organisation: Organisation) -> list[Member]:
    """The people of `organisation` with their roles, by name."""
    rows = organisation.memberships.select_related("user").order_by("user__full_name", "user_id", "role")
    return [Member(user, tuple(held)) for user, held in groupby(rows, key=lambda row: row.user)]


def open_invitations(organisation: Organisation) -> QuerySet[Invitation]:
    """The invitations that wait for an answer or may be sent again."""
    return organisation.invitations.filter(
        state__in=[InvitationState.PENDING, InvitationState.EXPIRED]
    ).select_related("invited_by")


def pending_requests(organisation: Organisation) -> QuerySet[JoinRequest]:
    """The requests to belong to `organisation` that wait for an answer."""
    return organisation.join_requests.filter(state=JoinRequestState.PENDING).select_related("user")


def invitation_of_link(link: str, at) -> Invitation | None:
    """The invitation that this link opens at `at`; None when it is not ours, was answered, replaced or expired."""
    digest = digest_of_link(link)
    if digest is None:
        return None
    rows = Invitation.objects.select_related("organisation", "invited_by")
    return rows.filter(secret_digest=digest, state=InvitationState.PENDING, expires_at__gt=at).first()


def address_has_account(email: str) -> bool:
    """Whether an account bears this address: told only to who proved to read its mail."""
    return User.objects.filter(email=email).exists()


def invitations_to_answer(user, at) -> QuerySet[Invitation]:
    """What was offered to the address of `user` and still waits."""
    mine = Invitation.objects.filter(email=user.email, state=InvitationState.PENDING, expires_at__gt=at)
    return mine.select_related("organisation", "invited_by")


def houses_of(user) -> dict[int, str]:
    """The names of the organisations of `user`, by id, in the order of names."""
    return {one.organisation_id: one.organisation_name for one in roles_held(user)}


def active_house(user) -> int | None:
    """Id of the organisation in which `user` works first: the only one, or the one chosen; None for all of them."""
    houses = houses_of(user)
    if len(houses) == 1:
        return next(iter(houses))
    return user.last_organisation_id if getattr(user, "last_organisation_id", None) in houses else None


def narrowed_to_house(user):
    """`user` as seen from the active organisation: a copy that holds the roles of that one only, never more.

    For what a page shows first (dashboard); rights are always asked of the real one.
    """
    house = active_house(user)
    if house is None or len(houses_of(user)) == 1:
        return user
    seen = copy(user)
    forget_roles(seen)
    seen._roles_held = tuple(one for one in roles_held(user) if one.organisation_id == house)
    return seen


def lent_to(user) -> list[Held]:
    """The roles that `user` holds now by delegation only, for the banner of every page."""
    return [one for one in roles_held(user) if one.principal_id]


def with_stand_ins(person: User, organisation: Organisation, role: str) -> list[User]:
    """`person`, and whoever he lends `role` to in `organisation` now: what concerns the one is told to the other."""
    lent = organisation.delegations.in_force().filter(principal=person, role=role).select_related("delegate")
    return [person, *(delegation.delegate for delegation in lent)]


def is_platform_admin(user) -> bool:
    """Whether `user` administers accounts. It opens no bid, no score, no jury list."""
    return holds(user, Role.PLATFORM_ADMIN)


def accounts_in_brief() -> dict[str, int]:
    """How many organisations, open and closed accounts there are, for who administers the platform."""
    users = User.objects.aggregate(
        opened=Count("pk", filter=Q(is_active=True)), closed=Count("pk", filter=Q(is_active=False))
    )
    return {**users, "organisations": Organisation.objects.count()}
