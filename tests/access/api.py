"""The API's own pages, and the access tokens: nobody but their owner."""

from foundation.accounts.enums import Role
from foundation.api.models import AccessToken
from foundation.api.services import program_open, token_create
from tests.access.matrix import EVERYONE, SIGNED_IN, Row, both

ADMINISTRATOR = {"org_admin@own*"}


def token_of_the_buyer(world):
    """A token of one person."""
    buyer = world.user("buyer@own")
    token, _secret = token_create(name="Export", scopes=["read"], lifetime_days=30, by=buyer, at=world.at)
    return {"token_key": token.token_key}


def own(world):
    """The organisation itself."""
    return {"pk": world.own.pk}


def program(world):
    """A program of the organisation, opened by its administrator."""
    opened, _token, _secret = program_open(
        organisation=world.own,
        name="Logiciel financier",
        roles=[Role.PRESCRIBER],
        scopes=["read"],
        lifetime_days=30,
        by=world.user("org_admin@own"),
        at=world.at,
    )
    return {"pk": opened.pk}


def program_token(world):
    """Its token."""
    pk = program(world)["pk"]
    return {"pk": pk, "token_key": AccessToken.objects.get(user__program=pk).token_key}


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
    "tokens:program_list": Row(allowed=ADMINISTRATOR, make=own),
    "tokens:program_open": both(allowed=ADMINISTRATOR, make=own),
    "tokens:program_token_create": both(allowed=ADMINISTRATOR, make=program),
    "tokens:program_token_revoke": Row(allowed=ADMINISTRATOR, make=program_token, method="post"),
    "tokens:program_close": Row(allowed=ADMINISTRATOR, make=program, method="post"),
    "tokens:revoke": Row(allowed={"buyer@own"}, make=token_of_the_buyer, method="post"),
}
