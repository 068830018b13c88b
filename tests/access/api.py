"""The API's own pages, and the access tokens: nobody but their owner."""

from foundation.api.services import token_create
from tests.access.matrix import EVERYONE, SIGNED_IN, Row, both


def token_of_the_buyer(world):
    """A token of one person."""
    buyer = world.user("buyer@own")
    token, _secret = token_create(name="Export", lifetime_days=30, by=buyer, at=world.at)
    return {"token_key": token.token_key}


ROWS = {
    "api:api-root": Row(allowed=EVERYONE),
    "api:schema": Row(allowed=EVERYONE),
    "api:docs": Row(allowed=EVERYONE),
    "api:problem": Row(allowed=EVERYONE, make=lambda world: {"code": "forbidden"}),
    "api:unknown": [
        Row(allowed=EVERYONE, url="/api/v1/nowhere", ok={404}),
        Row(allowed=EVERYONE, url="/api/v1/nowhere", ok={404}, method="post"),
    ],
    "tokens:list": Row(allowed=SIGNED_IN),
    "tokens:create": both(allowed=SIGNED_IN),
    "tokens:revoke": Row(allowed={"buyer@own"}, make=token_of_the_buyer, method="post"),
}
