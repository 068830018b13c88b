"""Reads of notifications."""

from datetime import datetime

from django.db.models import QuerySet

from foundation.notifications.enums import EmailState
from foundation.notifications.models import OutboxEmail
from foundation.notifications.rules import notifications_visible_to

# Beyond this the bell shows « 99+ »: counting further would cost and tell nothing.
BELL_LIMIT = 100


def unread_count(user) -> int:
    """How many notifications wait for this person, counted up to BELL_LIMIT; one query."""
    return notifications_visible_to(user).filter(read_at__isnull=True)[:BELL_LIMIT].count()


def emails_due(*, at: datetime) -> QuerySet[OutboxEmail]:
    """E-mails whose time has come, oldest first."""
    return OutboxEmail.objects.filter(state=EmailState.WAITING, next_try_at__lte=at).order_by(
        "next_try_at", "id"
    )
