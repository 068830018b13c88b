"""Context of every page. Nothing is read from the database until a template asks for the bell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property

from foundation.accounts import selectors
from foundation.screens import registry


def url_or_none(name: str) -> str | None:
    """The address of a page that may not be installed."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


@dataclass(frozen=True, slots=True)
class NavLink:
    """An entry of the navigation as the template draws it."""

    label: Any
    url: str
    current: bool


class Shell:
    """What `base.html` draws around a page; each part is computed when it is first used."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def user(self) -> Any:
        return getattr(self.request, "user", None)

    @property
    def theme(self) -> str:
        """ "etat" for State services that may use the State's brand, "neutre" for everyone else."""
        return "etat" if getattr(settings, "JALON_THEME", "") == "etat" else "neutre"

    @cached_property
    def nav(self) -> list[NavLink]:
        """The entries this person may follow; the longest address that starts this one is current."""
        items = [item for item in registry.nav_items() if self.user is not None and item.visible(self.user)]
        found = [(item.label, url) for item in items if (url := url_or_none(item.url_name))]
        inside = [url for _label, url in found if self.request.path.startswith(url)]
        current = max(inside, key=len, default=None)
        return [NavLink(label, url, url == current) for label, url in found]

    @cached_property
    def bell_url(self) -> str | None:
        bell = registry.bell()
        return url_or_none(bell.url_name) if bell else None

    @cached_property
    def bell_live_url(self) -> str | None:
        """Where an open page asks for the count again."""
        bell = registry.bell()
        return url_or_none(bell.live_url_name) if bell and bell.live_url_name else None

    @cached_property
    def unread(self) -> int:
        """Number of unread messages of this person (one query)."""
        bell = registry.bell()
        return bell.count(self.user) if bell and self.user.is_authenticated else 0

    @cached_property
    def houses(self) -> dict[int, str]:
        """The organisations between which this person may switch, by id: none when there is only one."""
        houses = selectors.houses_of(self.user)
        return houses if len(houses) > 1 else {}

    @cached_property
    def house(self) -> int | None:
        """The organisation in which this person works first; None for all of them."""
        return selectors.active_house(self.user)

    @cached_property
    def house_name(self) -> str:
        """Its name; empty for all of them."""
        return selectors.houses_of(self.user).get(self.house, "")

    @cached_property
    def lent(self) -> list[selectors.Held]:
        """The roles that others lend to this person now (nothing more is read: they came with one's own)."""
        return selectors.lent_to(self.user)

    @cached_property
    def links(self) -> dict[str, str | None]:
        """Addresses of pages that other rooms own; None when the room is not installed."""
        names = {
            "login": "account_login",
            "logout": "account_logout",
            "signup": "account_signup",
            "profile": "accounts:profile",
            "dashboard": "screens:dashboard",
            "tenders": "tenders:list",
            "api_docs": "api:docs",
            "search": "search:results",
        }
        return {key: url_or_none(name) for key, name in names.items()}


def shell(request: HttpRequest) -> dict[str, Shell]:
    """Context processor that replaces the one of django-dsfr (which costs two queries a page)."""
    return {"shell": Shell(request)}
