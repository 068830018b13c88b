"""The sessions of a person: where they are open, when they were last used, how they are closed.

allauth keeps one row for each sign-in; the time of the last use is in the cache only, because a read must not cost a
write. Losing the cache loses this approximation, no session.
"""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.utils.translation import gettext as _

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone|iPad", "iOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session as its owner reads it."""

    pk: int
    device: str
    network: str
    opened_at: datetime
    last_seen_at: datetime
    is_current: bool


def seen(session_key: str, at: datetime) -> None:
    """Note that this session was used."""
    cache.set(_seen_key(session_key), at, timeout=settings.SESSION_COOKIE_AGE)


def open_sessions(user, *, current: str, at: datetime) -> list[OpenSession]:
    """The sessions of `user` that still open something, the last used first; rows of the others are forgotten."""
    rows = list(UserSession.objects.filter(user=user))
    keys = [row.session_key for row in rows]
    alive = set(
        Session.objects.filter(session_key__in=keys, expire_date__gt=at).values_list("session_key", flat=True)
    )
    dead = [row.pk for row in rows if row.session_key not in alive]
    if dead:
        UserSession.objects.filter(pk__in=dead).delete()
    times = cache.get_many([_seen_key(key) for key in alive])
    found = [_told(row, times, current) for row in rows if row.session_key in alive]
    return sorted(found, key=lambda one: (one.is_current, one.last_seen_at), reverse=True)


def close(user, rows: Iterable[UserSession]) -> int:
    """End these sessions of `user`: they open nothing from the next request on. Returns how many."""
    closed = 0
    for row in rows:
        if row.user_id == user.pk:
            row.end()
            closed += 1
    return closed


def close_all(user, *, but: str | None = None) -> int:
    """End every session of `user`, but the one with this key."""
    return close(user, UserSession.objects.filter(user=user).exclude(session_key=but or ""))


def device_words(user_agent: str) -> str:
    """« Firefox, Linux »: what a person recognises of what a browser says of itself."""
    found = [_first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)]
    return ", ".join(word for word in found if word) or _("Appareil inconnu")


def short_network(address: str) -> str:
    """The beginning of a network address: enough to recognise a place, not to follow a person."""
    parsed = ipaddress.ip_address(address)
    if parsed.version == 4:
        return ".".join([*address.split(".")[:2], "…"])
    return ":".join(parsed.exploded.split(":")[:2]) + ":…"


def _first(table, user_agent):
    return next((label for pattern, label in table if re.search(pattern, user_agent)), "")


def _told(row, times, current):
    return OpenSession(
        pk=row.pk,
        device=device_words(row.user_agent),
        network=short_network(row.ip),
        opened_at=row.created_at,
        last_seen_at=times.get(_seen_key(row.session_key), row.last_seen_at),
        is_current=row.session_key == current,
    )


def _seen_key(session_key):
    return f"accounts:seen:{session_key}"
