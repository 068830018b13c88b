"""The sender: takes what is due, signs it, sends it, writes what came back (at least once, same `webhook-id`)."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from standardwebhooks import Webhook

from foundation.webhooks import selectors, sending, services
from foundation.webhooks.enums import DeliveryState
from foundation.webhooks.models import Attempt, Delivery, Endpoint, Secret

DELAYS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""Waits between the tries of one message: a little over three days in all."""
LEASE = timedelta(minutes=2)  # longer than any exchange may last: past it, the worker is dead
BATCH = 50


def deliver(*, clock: Callable[[], datetime], limit: int = BATCH) -> int:
    """Send the messages that are due; returns how many arrived. Several workers may send together.

    An endpoint that fails is left alone for the rest of the round, so that it does not hold up the others.
    """
    failing: set[uuid.UUID] = set()
    arrived = 0
    for _number in range(limit):
        delivery = _claim(at=clock(), without=failing)
        if delivery is None:
            break
        answer = _send(delivery, at=clock())
        _settle(delivery, answer, at=clock())
        if answer.is_success:
            arrived += 1
        else:
            failing.add(delivery.endpoint_id)
    return arrived


@transaction.atomic
def _claim(*, at: datetime, without: set[uuid.UUID]) -> Delivery | None:
    """Take one message for LEASE; no transaction stays open while the other system answers."""
    due = selectors.deliveries_due(at=at).exclude(endpoint_id__in=without).select_related("endpoint")
    delivery = due.select_for_update(of=("self",), skip_locked=True).first()
    if delivery is None:
        return None
    delivery.claim, delivery.next_try_at = uuid.uuid4(), at + LEASE
    delivery.save(update_fields=["claim", "next_try_at"])
    return delivery


def _send(delivery: Delivery, *, at: datetime) -> sending.Answer:
    return sending.post(delivery.endpoint.url, delivery.body.encode(), headers_of(delivery, at=at))


def headers_of(delivery: Delivery, *, at: datetime) -> dict[str, str]:
    """The headers of Standard Webhooks; one signature for each secret in force."""
    identity, secrets = str(delivery.pk), selectors.secrets_in_force(delivery.endpoint, at=at)
    signatures = [Webhook(secret).sign(identity, at, delivery.body) for secret in secrets]
    return {
        "Content-Type": "application/json; charset=utf-8",
        "webhook-id": identity,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


@transaction.atomic
def _settle(delivery: Delivery, answer: sending.Answer, *, at: datetime) -> None:
    """Write what came back; nothing when another worker took over, or someone replayed it meanwhile."""
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("endpoint")
    mine = rows.filter(pk=delivery.pk, claim=delivery.claim).first()
    if mine is None:
        return
    Attempt.objects.create(
        delivery=mine,
        tried_at=at,
        status=answer.status,
        latency_ms=answer.latency_ms,
        excerpt=answer.excerpt,
        error=answer.error,
    )
    mine.claim, mine.attempt_count = None, mine.attempt_count + 1
    if answer.is_success:
        _received(mine, at)
    else:
        _put_off(mine, at)
        _judge(mine.endpoint, answer, at)


def _received(delivery: Delivery, at: datetime) -> None:
    delivery.state, delivery.delivered_at, delivery.next_try_at = DeliveryState.DELIVERED, at, None
    delivery.save()
    Endpoint.objects.filter(pk=delivery.endpoint_id).update(failing_since_at=None, delivered_at=at)


def _put_off(delivery: Delivery, at: datetime) -> None:
    if delivery.attempt_count > len(DELAYS):
        delivery.state, delivery.failed_at, delivery.next_try_at = DeliveryState.FAILED, at, None
    else:
        delivery.next_try_at = at + DELAYS[delivery.attempt_count - 1]
    delivery.save()


def _judge(endpoint: Endpoint, answer: sending.Answer, at: datetime) -> None:
    """Stop an endpoint that asks for it (410) or has answered nothing good for days."""
    Endpoint.objects.filter(pk=endpoint.pk, failing_since_at__isnull=True).update(failing_since_at=at)
    since = endpoint.failing_since_at or at
    if answer.is_gone:
        services.endpoint_stop(
            endpoint=endpoint, reason=_("Elle a répondu qu’elle n’existe plus (410)."), at=at
        )
    elif at - since >= timedelta(days=settings.WEBHOOKS_STOP_AFTER_DAYS):
        reason = _("Aucun envoi reçu depuis %(days)s jours.") % {"days": settings.WEBHOOKS_STOP_AFTER_DAYS}
        services.endpoint_stop(endpoint=endpoint, reason=reason, at=at)


@transaction.atomic
def forget(*, at: datetime) -> int:
    """Erase the messages and tries older than they are kept, and secrets that sign no more; returns how many."""
    old = at - timedelta(days=settings.WEBHOOKS_KEEP_DAYS)
    Secret.objects.filter(expires_at__lt=at).delete()
    rows = Delivery.objects.exclude(state=DeliveryState.WAITING).filter(created_at__lt=old)
    return rows.delete()[0]
