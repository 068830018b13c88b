"""Short-lived signed links: they name a file, a person and an instant, and are worth nothing to anyone else."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.urls import reverse

SALT = "foundation.files.link"
MINUTES = 5
"""Long enough for a slow click, too short to be passed around."""


@dataclass(frozen=True)
class Link:
    """What a link says, once its signature is verified."""

    kind: str
    object_id: str
    user_id: int


def signed_path(kind: str, object_id: object, user, at: datetime, minutes: int = MINUTES) -> str:
    """The address where `user` reads this file until `at` + `minutes`; an anonymous reader is user 0."""
    expires = int((at + timedelta(minutes=minutes)).timestamp())
    facts = [kind, str(object_id), user.pk or 0, expires]
    return reverse("files:download", args=[signing.dumps(facts, salt=SALT)])


def read(token: str, at: datetime) -> Link | None:
    """What the token says; None when it was altered, made elsewhere, or is out of date."""
    try:
        kind, object_id, user_id, expires = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if at.timestamp() >= expires:
        return None
    return Link(kind, object_id, user_id)
