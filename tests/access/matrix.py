"""Who may open which address: the rows, the people who try, what each answer must be (X1 of trust.md).

Each app has one file here, `tests/access/<app>.py`, with

    ROWS = {
        "tenders:detail": Row(allowed=EVERYONE, make=published),
        "tenders:publish": Row(method="post", allowed={"buyer@own*"}, make=draft),
        "api:tender-list": [Row(allowed=EVERYONE), Row(method="post", allowed={"buyer@own*"})],
    }

The key is the name of the URL as `reverse` takes it. One `Row` per method that the address accepts: a form
page has a "get" row and a "post" row (`both(…)` makes the two). A URL without a row fails, a row without a
URL too, and GET or POST on an address without a row for it must answer 404 or 405.

`make(world)` creates the object and returns the keyword arguments of the URL. It runs once for a row; what
each person does afterwards is undone. Put the object in the state where the act is possible, so that a
refusal can only come from the right. `world.own` is the buyer's organisation the object must belong to,
`world.firm` the supplier that is party to it (bidder, holder), `world.other` another buyer, `world.rival`
another supplier; `world.user("custodian@own")` is the person to name in a team, a quorum or a list of
evaluators, `world.at` an instant.

Who tries (patterns of `fnmatch` in `allowed`):

    anonymous
    newcomer@nowhere                       signed in, no role anywhere
    <buyer's role>@own                     the person that `make` may have named
    <buyer's role>@own-bystander           same role, same organisation, named nowhere
    <buyer's role>@other                   same role in another buyer's organisation
    supplier@firm, org_admin@firm          the supplier that is party
    supplier@rival, org_admin@rival        another one
    concierge@platform, platform_admin@platform

What is expected: those allowed get `ok` (GET 200; otherwise any answer of an open door: 200, 201, 202, 204,
302, 409 or 422, an empty form being refused for its content, not for its author). The others get 404; on the
API a write may also answer 403. Anonymous people are sent to the sign-in page, or get 401 on the API, or 404.
An address open to everyone is tried by each role once, any other by all of the above.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from foundation.accounts.enums import ROLES_BY_KIND, OrganisationKind, Role
from foundation.accounts.models import Organisation, User
from foundation.clock import now
from tests.accounts.factories import make_member, make_organisation, make_user

ANONYMOUS = "anonymous"
EVERYONE = frozenset({"*"})
SIGNED_IN = frozenset({"*@*"})
NOBODY: frozenset[str] = frozenset()
OPEN_DOOR = frozenset({200, 201, 202, 204, 302, 409, 422})

_SIDES = {
    "own": OrganisationKind.BUYER,
    "own-bystander": OrganisationKind.BUYER,
    "other": OrganisationKind.BUYER,
    "firm": OrganisationKind.SUPPLIER,
    "rival": OrganisationKind.SUPPLIER,
}
ACTORS = (
    ANONYMOUS,
    "newcomer@nowhere",
    *(f"{role}@{side}" for side, kind in _SIDES.items() for role in ROLES_BY_KIND[kind]),
    f"{Role.CONCIERGE}@platform",
    f"{Role.PLATFORM_ADMIN}@platform",
)


_ONCE_PER_ROLE = tuple(
    actor for actor in ACTORS if not actor.endswith(("@own-bystander", "@other", "@rival", "org_admin@firm"))
)


class World:
    """Organisations and people of one row; people are made when they are first asked for."""

    def __init__(self) -> None:
        self.at = now()
        self.own = make_organisation(OrganisationKind.BUYER)
        self.other = make_organisation(OrganisationKind.BUYER)
        self.firm = make_organisation(OrganisationKind.SUPPLIER)
        self.rival = make_organisation(OrganisationKind.SUPPLIER)
        self._people: dict[str, User] = {}

    @cached_property
    def platform(self) -> Organisation:
        return make_organisation(OrganisationKind.OTHER)

    def user(self, actor: str) -> User:
        """The person that this actor names, for instance `custodian@own`."""
        if actor not in self._people:
            role, _at, side = actor.partition("@")
            if side == "nowhere":
                self._people[actor] = make_user()
            else:
                organisation = getattr(self, side.removesuffix("-bystander"))
                self._people[actor] = make_member(organisation, role)
        return self._people[actor]


def _no_kwargs(world: World) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Row:
    """Who may use one method of one URL.

    `data` is what is sent, or a function of the world called after `make`: give enough for the request to
    reach the check of the right when the door validates first. `refused` replaces what the others get, for a
    part of a thing that they see. `by_token`: a door that no session opens. `url` replaces `reverse`.
    """

    allowed: Iterable[str]
    make: Callable[[World], dict[str, Any]] = _no_kwargs
    method: str = "get"
    data: dict[str, Any] | Callable[[World], dict[str, Any]] = field(default_factory=dict)
    ok: frozenset[int] | set[int] | None = None
    refused: frozenset[int] | set[int] | None = None
    by_token: bool = False
    url: str = ""

    @property
    def actors(self) -> tuple[str, ...]:
        """Who tries: a bystander has less than the person named, and tries only where that one may."""
        if "*" in self.allowed:
            return _ONCE_PER_ROLE
        return tuple(
            actor
            for actor in ACTORS
            if not actor.endswith("-bystander") or self.allows(actor.removesuffix("-bystander"))
        )

    def allows(self, actor: str) -> bool:
        """Whether this actor is among those allowed."""
        return any(fnmatchcase(actor, pattern) for pattern in self.allowed)

    def expected(self, actor: str, *, is_api: bool) -> frozenset[int] | set[int]:
        """The statuses that are right for this actor."""
        if self.allows(actor):
            return self.ok or ({200} if self.method == "get" else OPEN_DOOR)
        if self.refused:
            return self.refused
        if actor == ANONYMOUS:
            return {401, 404} if is_api else {302, 404}
        return {403, 404} if is_api and self.method != "get" else {404}

    def address(self, name: str, world: World) -> str:
        """The address to try, with the object made for it."""
        kwargs = self.make(world)
        return self.url or reverse(name, kwargs=kwargs)


def both(**row: Any) -> list[Row]:
    """The two rows of a form page: GET shows it, POST submits it."""
    shown = Row(**row)
    return [shown, replace(shown, method="post")]


def url_names() -> dict[str, URLPattern]:
    """Every named pattern of the project; an unnamed one is listed by its route."""
    return dict(_walk(get_resolver(), "", ""))


def _walk(resolver: URLResolver, namespace: str, route: str):
    for pattern in resolver.url_patterns:
        full = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern, inner, full)
        else:
            yield (f"{namespace}{pattern.name}" if pattern.name else f"(unnamed) {full}"), pattern
