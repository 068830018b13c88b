"""What a person holds: read once for each request, by every rule of every stage."""

import json
from copy import copy
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Model, OuterRef, Q, QuerySet, When
from django.db.models.functions import JSONObject

from foundation.accounts import perimeters
from foundation.accounts.enums import Role
from foundation.accounts.models import Delegation, Membership, Organisation, User
from foundation.statements import rows_for


@dataclass(frozen=True, slots=True)
class Held:
    """One role that opens rights now: one's own, or, when there is a `principal_id`, received by delegation.

    With a `perimeter_type`, it opens what lies inside that object only.
    """

    organisation_id: int
    organisation_name: str
    organisation_kind: str
    role: str
    principal_id: int | None = None
    principal_name: str = ""
    ends_at: datetime | None = None
    perimeter_type: str = ""
    perimeter_id: str = ""
    perimeter_label: str = ""

    @property
    def role_label(self) -> str:
        """The role, in French."""
        return Role(self.role).label

    @property
    def limit_words(self) -> str:
        """The end of a sentence: the object that limits the role, if any."""
        return f", {self.perimeter_label}" if self.perimeter_type else ""


def roles_held(user) -> tuple[Held, ...]:
    """Every role of `user` in force now, own and received, that no object limits: none when anonymous or closed.

    One query, kept on the user object: it lives as long as the request, whose first instant decides.
    """
    return _held(user)[0]


def roles_limited(user) -> tuple[Held, ...]:
    """The roles lent to `user` now for one object only. They open nothing but through `has_role(…, about=…)` and
    `lent_inside`: a rule that does not name its object never takes them into account.
    """
    return _held(user)[1]


def _held(user) -> tuple[tuple[Held, ...], tuple[Held, ...]]:
    """(whole, limited to an object)."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return (), ()
    if not hasattr(user, "_roles_held"):
        (row,) = rows_for(_held_by, user.pk) or [([], [])]
        keep_roles(user, *row)
    return user._roles_held


def keep_roles(user, own: list[str], lent: list[str]) -> None:
    """Keep on the user object what `HELD` read: JSON objects, own roles first, then those received."""
    rows = sorted(map(_held_in, [*own, *lent]), key=_own_first)
    user._roles_held = (
        tuple(one for one in rows if not one.perimeter_type),
        tuple(one for one in rows if one.perimeter_type),
    )


def _held_in(text: str) -> Held:
    facts = json.loads(text)
    ends_at = facts.pop("ends_at", None)
    return Held(**facts, ends_at=ends_at and datetime.fromisoformat(ends_at))


def _own_first(one: Held) -> tuple:
    return (one.principal_id is not None, one.organisation_name, one.role)


_HOUSE = {
    "organisation_id": "organisation_id",
    "organisation_name": "organisation__name",
    "organisation_kind": "organisation__kind",
    "role": "role",
}
_LOAN = {
    "principal_id": "principal_id",
    "principal_name": "principal__full_name",
    "ends_at": "ends_at",
    "perimeter_type": "perimeter_type",
    "perimeter_id": "perimeter_id",
    "perimeter_label": "perimeter_label",
}
HELD = {
    "held_own": ArraySubquery(
        Membership.objects.filter(user=OuterRef("pk")).order_by().values(held=JSONObject(**_HOUSE))
    ),
    "held_lent": ArraySubquery(
        Delegation.objects.filter(delegate=OuterRef("pk"))
        .in_force()
        .order_by()
        .values(held=JSONObject(**_HOUSE, **_LOAN))
    ),
}
"""The roles of one's own and the roles received, read with the row of the person."""


def _held_by(user_id: int) -> QuerySet:
    return User.objects.filter(pk=user_id).order_by().annotate(**HELD).values_list(*HELD)


def forget_roles(user) -> None:
    """Have the next question about the roles of `user` asked again: they have just changed."""
    for name in ("_roles_held", "_role_pairs", "_acts_for"):
        if hasattr(user, name):
            delattr(user, name)


def role_pairs(user) -> frozenset[tuple[int, str]]:
    """The pairs (organisation id, role) of `user` in force now, own and received. Kept on the user object."""
    held = roles_held(user)
    if not held:
        return frozenset()
    if not hasattr(user, "_role_pairs"):
        user._role_pairs = frozenset((one.organisation_id, one.role) for one in held)
    return user._role_pairs


def has_role(user, organisation: Organisation | int | None, *roles: str, about: Model | None = None) -> bool:
    """Whether `user` holds one of `roles` (any role when none is given) in `organisation`.

    `about` is the object of the question: a role lent for one object only (`roles_limited`) counts when `about` lies
    inside it, and never when the rule names no object.

    When one of `roles` is asked and held, it is noted whether it is held by delegation only, and from whom:
    the line of the journal written next says so (`principal_for`).
    """
    if organisation is None:
        return False
    organisation_id = organisation if isinstance(organisation, int) else organisation.pk
    if not roles:
        return any(found == organisation_id for found, _role in role_pairs(user))
    if any((organisation_id, role) in role_pairs(user) for role in roles):
        user._acts_for = _lender(user, organisation_id, roles)
        return True
    return about is not None and _is_lent_about(user, organisation_id, roles, about)


def _is_lent_about(user, organisation_id, roles, about) -> bool:
    limited = [
        one for one in roles_limited(user) if one.organisation_id == organisation_id and one.role in roles
    ]
    places = perimeters.around(about) if limited else ()
    for one in limited:
        if (one.perimeter_type, one.perimeter_id) in places:
            user._acts_for = one.principal_id
            return True
    return False


def lent_inside(user, paths: dict[str, tuple[str, str]], *roles: str) -> Q:
    """The rows that lie inside an object for which one of `roles` is lent to `user`: to be added to what he sees.

    `paths` says, for each kind of perimeter, by which fields a row names that object and the organisation:
    {"needs.PurchaseProject": ("project_id", "buyer_id")}.
    """
    rows = Q(pk__in=[])
    for one in roles_limited(user):
        if one.role in roles and one.perimeter_type in paths:
            object_field, house_field = paths[one.perimeter_type]
            rows |= Q(**{object_field: one.perimeter_id, house_field: one.organisation_id})
    return rows


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
        principal_id = _lender(user, organisation_id, (role,)) or _limited_lender(user, organisation_id, role)
    else:
        principal_id = getattr(user, "_acts_for", None)
    return User.objects.get(pk=principal_id) if principal_id else None


def _limited_lender(user, organisation_id, role) -> int | None:
    """Who opened the last right, when `user` has `role` there for one object only."""
    if (organisation_id, role) in role_pairs(user):
        return None
    lender = getattr(user, "_acts_for", None)
    lenders = {
        one.principal_id
        for one in roles_limited(user)
        if one.organisation_id == organisation_id and one.role == role
    }
    return lender if lender in lenders else None


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
    seen._roles_held = tuple(
        tuple(one for one in held if one.organisation_id == house) for held in _held(user)
    )
    return seen


def is_platform_admin(user) -> bool:
    """Whether `user` administers accounts. It opens no bid, no score, no jury list."""
    return holds(user, Role.PLATFORM_ADMIN)
