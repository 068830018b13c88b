"""How long what was told is kept: a year or so, longer when the law wants the message."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from foundation.notifications import registry
from foundation.notifications.enums import EmailState
from foundation.notifications.models import Notification, OutboxEmail


@transaction.atomic
def forget(*, at: datetime) -> int:
    """Erase lines and e-mails older than they are kept, and return how many; what still waits stays."""
    old = _too_old(at)
    left = OutboxEmail.objects.exclude(state=EmailState.WAITING).filter(old)
    told = Notification.objects.filter(old).exclude(digest_email__state=EmailState.WAITING)
    lines, _details = told.delete()
    emails, _details = left.delete()
    return lines + emails


def _too_old(at: datetime) -> Q:
    legal = [kind.code for kind in registry.kinds() if kind.legal]
    usual = at - timedelta(days=settings.NOTIFICATIONS_KEEP_DAYS)
    longest = at - timedelta(days=settings.NOTIFICATIONS_KEEP_LEGAL_DAYS)
    return Q(kind__in=legal, created_at__lt=longest) | (~Q(kind__in=legal) & Q(created_at__lt=usual))
