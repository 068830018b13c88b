"""The digest: one e-mail for everything a person chose to read together, at a quiet hour of Paris."""

from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format

from foundation.notifications import registry, selectors, services
from foundation.notifications.messages import DIGEST
from foundation.notifications.models import Notification, OutboxEmail

PARIS = ZoneInfo("Europe/Paris")
LONGEST = 50  # lines told in one e-mail; the centre has the others


def daily_slot(at: datetime) -> datetime:
    """The last time the hour of the digest struck in Paris, summer or winter, at `at` or before."""
    today = at.astimezone(PARIS).date()
    struck = _strikes(today)
    return struck if struck <= at else _strikes(today - timedelta(days=1))


def weekly_slot(at: datetime) -> datetime:
    """The same on the last Monday."""
    day = daily_slot(at).astimezone(PARIS).date()
    return _strikes(day - timedelta(days=day.weekday()))


def _strikes(day: date) -> datetime:
    return datetime.combine(day, settings.NOTIFICATIONS_DIGEST_TIME, tzinfo=PARIS).astimezone(UTC)


def gather(*, at: datetime) -> int:
    """Put in the outbox the digests that are due and return how many; any number of workers may call it.

    What was told before the hour leaves at that hour, or at the next sweep when nobody swept then. What
    commits late leaves with the next digest.
    """
    before = {"daily_before": daily_slot(at), "weekly_before": weekly_slot(at)}
    waiting = selectors.lines_for_digest(**before).filter(recipient__is_active=True)
    people = list(waiting.order_by("recipient_id").values_list("recipient_id", flat=True).distinct())
    return sum(_gather_for(recipient_id, before, at) for recipient_id in people)


@transaction.atomic
def _gather_for(recipient_id: int, before: dict, at: datetime) -> bool:
    """One e-mail with the lines of one person, under their lock: a second worker finds them taken."""
    waiting = selectors.lines_for_digest(**before).filter(recipient_id=recipient_id)
    lines = list(waiting.select_for_update(of=("self",)).select_related("recipient").order_by("id"))
    identity = services.email_id(DIGEST.code, str(recipient_id), before["daily_before"].isoformat())
    if not lines or OutboxEmail.objects.filter(pk=identity).exists():
        return False
    if selectors.refuses([lines[0].recipient.email]):
        return False
    email = OutboxEmail.objects.create(
        id=identity,
        recipient_id=recipient_id,
        kind=DIGEST.code,
        context=_context(lines),
        url=reverse("notifications:list"),
        created_at=at,
        next_try_at=at,
    )
    Notification.objects.filter(pk__in=[line.pk for line in lines]).update(digest_email=email)
    services.ring_outbox()
    return True


def _context(lines: list[Notification]) -> dict:
    """What the words of the digest use: the lines by family, newest last, and how many are left out."""
    shown = sorted(lines[:LONGEST], key=lambda line: (_family(line), line.pk))
    grouped = groupby(shown, key=_family)
    families = [
        {"label": registry.family_label(family), "lines": [_line(line) for line in rows]}
        for family, rows in grouped
    ]
    return {"count": len(lines), "more": max(len(lines) - LONGEST, 0), "families": families}


def _family(line: Notification) -> str:
    return line.kind.split(".", 1)[0]


def _line(line: Notification) -> dict:
    day = date_format(line.created_at.astimezone(PARIS), "j F Y")
    return {"title": line.title, "url": line.url, "day": day}
