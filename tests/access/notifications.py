"""Notifications: each person reads his own."""

from foundation.notifications import links
from foundation.notifications.models import Notification
from tests.access.matrix import EVERYONE, SIGNED_IN, Row, both

OWNER = {"buyer@own"}


def told(world):
    """One notification of the buyer."""
    reader = world.user("buyer@own")
    note = Notification.objects.create(
        recipient=reader, kind="tests.access", title="Réponse reçue", url="/", created_at=world.at
    )
    return {"pk": note.pk}


def way_out(world):
    """The link at the foot of an e-mail: whoever holds it may use it, signed in or not."""
    path = links.unsubscribe_path(world.user("buyer@own").pk, "needs.team_joined")
    return {"token": path.rstrip("/").rsplit("/", 1)[-1]}


def proof(world):
    """The link sent to an address that refused our messages."""
    reader = world.user("buyer@own")
    return {"token": links.address_path(reader.pk, reader.email).rstrip("/").rsplit("/", 1)[-1]}


ROWS = {
    "notifications:badge": Row(allowed=EVERYONE, ok={200, 286}),
    "notifications:preferences": both(allowed=SIGNED_IN),
    "notifications:example": Row(allowed=SIGNED_IN, make=lambda world: {"code": "needs.team_joined"}),
    "notifications:addresses": Row(allowed={"org_admin@*"}),
    "notifications:address-check": Row(allowed=SIGNED_IN, method="post"),
    "notifications:address-confirm": both(allowed=EVERYONE, make=proof),
    "notifications:unsubscribe": both(allowed=EVERYONE, make=way_out),
    "notifications:list": Row(allowed=SIGNED_IN),
    "notifications:read-all": Row(allowed=SIGNED_IN, method="post"),
    "notifications:open": Row(allowed=OWNER, make=told, ok={302}),
    "api:notification-list": Row(allowed=SIGNED_IN),
    "api:notification-detail": Row(allowed=OWNER, make=told),
    "api:notification-read": Row(allowed=OWNER, make=told, method="post"),
    "api:notification-read-all": Row(allowed=SIGNED_IN, method="post"),
    "api:notification-preferences": [
        Row(allowed=SIGNED_IN),
        Row(
            allowed=SIGNED_IN,
            method="put",
            data={"preferences": [{"kind": "accounts.join_asked", "pace": "centre"}]},
        ),
    ],
}
