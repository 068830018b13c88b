"""Endpoints: the administrators of their organisation, and nobody else, not even the platform's."""

from foundation.webhooks import services
from tests.access.matrix import Row, both
from tests.webhooks.factories import make_endpoint

ADMINS = {"org_admin@own*"}
EVERY_ADMIN = {"org_admin@*"}


def endpoint(world):
    """One of the buyer's organisation, in service."""
    made, _secret = make_endpoint(world.own, at=world.at, by=world.user("org_admin@own"))
    return {"pk": made.pk}


def paused(world):
    """One that may be resumed."""
    made, _secret = make_endpoint(world.own, at=world.at, by=world.user("org_admin@own"))
    return {"pk": services.endpoint_pause(endpoint=made, by=world.user("org_admin@own"), at=world.at).pk}


def delivery(world):
    """A message of it."""
    admin = world.user("org_admin@own")
    made, _secret = make_endpoint(world.own, at=world.at, by=admin)
    return {"pk": services.test_send(endpoint=made, by=admin, at=world.at).pk}


def new_endpoint(world):
    """What the API takes."""
    return {
        "organisation": world.own.pk,
        "url": "https://recevoir.jalon.example/nouvelle",
        "event_codes": ["order.issued"],
    }


ROWS = {
    "webhooks:list": Row(allowed=EVERY_ADMIN),
    "webhooks:events": Row(allowed=EVERY_ADMIN),
    "webhooks:create": both(allowed=EVERY_ADMIN),
    "webhooks:detail": Row(allowed=ADMINS, make=endpoint),
    "webhooks:update": both(allowed=ADMINS, make=endpoint),
    "webhooks:rotate": both(allowed=ADMINS, make=endpoint),
    "webhooks:test": Row(allowed=ADMINS, make=endpoint, method="post"),
    "webhooks:pause": Row(allowed=ADMINS, make=endpoint, method="post"),
    "webhooks:resume": Row(allowed=ADMINS, make=paused, method="post"),
    "webhooks:delete": Row(allowed=ADMINS, make=endpoint, method="post"),
    "webhooks:replay": Row(allowed=ADMINS, make=endpoint, method="post"),
    "webhooks:delivery": Row(allowed=ADMINS, make=delivery),
    "webhooks:delivery-replay": Row(allowed=ADMINS, make=delivery, method="post"),
    "api:webhook-list": [
        Row(allowed={"*@*"}),
        Row(allowed=EVERY_ADMIN, method="post", data=new_endpoint),
    ],
    "api:webhook-export": Row(allowed={"*@*"}),
    "api:webhook-events": Row(allowed={"*@*"}),
    "api:webhook-detail": [
        Row(allowed=ADMINS, make=endpoint),
        Row(allowed=ADMINS, make=endpoint, method="patch"),
        Row(allowed=ADMINS, make=endpoint, method="delete"),
    ],
    "api:webhook-rotate": Row(allowed=ADMINS, make=endpoint, method="post"),
    "api:webhook-test": Row(allowed=ADMINS, make=endpoint, method="post"),
    "api:webhook-pause": Row(allowed=ADMINS, make=endpoint, method="post"),
    "api:webhook-resume": Row(allowed=ADMINS, make=paused, method="post"),
    "api:webhook-replay": Row(allowed=ADMINS, make=endpoint, method="post"),
    "api:webhook-delivery-list": Row(allowed={"*@*"}),
    "api:webhook-delivery-export": Row(allowed={"*@*"}),
    "api:webhook-delivery-detail": Row(allowed=ADMINS, make=delivery),
    "api:webhook-delivery-replay": Row(allowed=ADMINS, make=delivery, method="post"),
}
