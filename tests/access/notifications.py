"""Notifications: each person reads his own."""

from foundation.notifications.models import Notification
from tests.access.matrix import SIGNED_IN, Row

OWNER = {"buyer@own"}


def told(world):
    """One notification of the buyer."""
    reader = world.user("buyer@own")
    note = Notification.objects.create(
        recipient=reader, kind="tests.access", title="Réponse reçue", url="/", created_at=world.at
    )
    return {"pk": note.pk}


ROWS = {
    "notifications:list": Row(allowed=SIGNED_IN),
    "notifications:read-all": Row(allowed=SIGNED_IN, method="post"),
    "notifications:open": Row(allowed=OWNER, make=told, ok={302}),
    "api:notification-list": Row(allowed=SIGNED_IN),
    "api:notification-detail": Row(allowed=OWNER, make=told),
    "api:notification-read": Row(allowed=OWNER, make=told, method="post"),
    "api:notification-read-all": Row(allowed=SIGNED_IN, method="post"),
}
