"""Writes of notifications: tell people, read what was told."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Model

from foundation.bell import ring
from foundation.notifications import registry, words
from foundation.notifications.models import Notification, OutboxEmail
from foundation.notifications.rules import notifications_visible_to


@transaction.atomic
def notify(*, kind: str, recipients: Iterable, obj: Model, context: dict, url: str, at: datetime) -> None:
    """Tell each person once, in the caller's transaction: a line in the centre and an e-mail in the outbox.

    `context` is JSON and, with `recipient` and `url`, all that the words of the message may use;
    `url` is a path of the platform. Closed accounts are told nothing. Raises LookupError for an
    undeclared message.
    """
    declared = registry.find(kind)
    people = {person.pk: person for person in recipients if person.is_active}.values()
    told = {"kind": kind, "url": url, "created_at": at}
    about = {"object_type": obj._meta.label, "object_id": str(obj.pk)}
    Notification.objects.bulk_create(
        Notification(
            recipient=person, title=words.subject_of(declared, person, context, url), **told, **about
        )
        for person in people
    )
    OutboxEmail.objects.bulk_create(
        OutboxEmail(recipient=person, context=context, next_try_at=at, **told) for person in people
    )
    _ring()


def _ring() -> None:
    # Imported late: the task is a door that calls the services.
    from foundation.notifications.tasks import drain_outbox

    ring(drain_outbox)


@transaction.atomic
def notification_read(*, notification: Notification, at: datetime) -> Notification:
    """Mark one notification as read; reading it again keeps the first date."""
    unread = Notification.objects.filter(pk=notification.pk, read_at__isnull=True)
    unread.update(read_at=at)
    notification.refresh_from_db(fields=["read_at"])
    return notification


@transaction.atomic
def notifications_read_all(*, by, at: datetime) -> int:
    """Mark everything this person had not read; returns how many there were."""
    return notifications_visible_to(by).filter(read_at__isnull=True, created_at__lte=at).update(read_at=at)
