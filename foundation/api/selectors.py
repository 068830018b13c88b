"""What is read of access tokens."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from foundation.api import scopes
from foundation.api.models import AccessToken

ENDS_SOON = timedelta(days=14)
"""How long before its end a token is said to end soon, on its page and by a message."""


@dataclass(frozen=True)
class ShownToken:
    """A token as its page shows it: what it may do in words, and where it stands in its life."""

    token: AccessToken
    scopes: list[str]
    is_over: bool
    ends_soon: bool


def shown_tokens(tokens, *, at: datetime) -> list[ShownToken]:
    """These tokens with what their page says of them at this instant."""
    return [
        ShownToken(
            token=token,
            scopes=scopes.labels(token.scopes),
            is_over=token.expiry <= at,
            ends_soon=at < token.expiry <= at + ENDS_SOON,
        )
        for token in tokens
    ]


def tokens_to_announce(*, at: datetime):
    """The tokens in use that end soon, whose owner was not told yet."""
    soon = AccessToken.objects.filter(expiry__gt=at, expiry__lte=at + ENDS_SOON, warned_at=None)
    return soon.select_related("user__program__organisation")
