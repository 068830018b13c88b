"""Browsers from which a person signs in: a new one is told to its owner."""

import hashlib
import secrets
from datetime import datetime

from foundation.accounts.models import KnownDevice, User
from foundation.notifications.services import notify

COOKIE = "jalon_appareil"
COOKIE_AGE = 365 * 24 * 3600


def new_token() -> str:
    """What the cookie of a browser holds: it says nothing of anybody."""
    return secrets.token_urlsafe(24)


def is_known(token: str, email: str) -> bool:
    """Whether the owner of this address already signed in from the browser that holds `token`."""
    return bool(token) and KnownDevice.objects.filter(digest=_digest(token), user__email=email).exists()


def device_seen(*, user: User, token: str, label: str, url: str, at: datetime) -> bool:
    """Note a sign-in from this browser; True, and a message, when it is new for somebody who had another one."""
    device, is_new = KnownDevice.objects.get_or_create(
        user=user,
        digest=_digest(token),
        defaults={"label": label[:200], "first_seen_at": at, "last_seen_at": at},
    )
    if not is_new:
        KnownDevice.objects.filter(pk=device.pk).update(last_seen_at=at, label=label[:200])
        return False
    if not user.known_devices.exclude(pk=device.pk).exists():
        return False
    context = {"device": label[:200], "at": at.isoformat()}
    notify(kind="accounts.new_device", recipients=[user], obj=user, context=context, url=url, at=at)
    return True


def _digest(token):
    return hashlib.sha256(token.encode()).hexdigest()
