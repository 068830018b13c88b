"""What endpoints are told: an event of a stage, a test, something again."""

import json
import uuid
from datetime import datetime

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Model
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from foundation.bell import ring
from foundation.errors import Refusal
from foundation.journal import services as journal
from foundation.webhooks import registry, rules, selectors
from foundation.webhooks.enums import DeliveryState
from foundation.webhooks.models import Delivery, Endpoint

TEST = "webhook.test"


@transaction.atomic
def event_tell(*, event: str, obj: Model, data: dict, at: datetime, key: str = "") -> int:
    """Write, in the caller's transaction, a message for each endpoint that asked and may know; returns how many.

    `data` is small: ids, reference, addresses, instants. `key` tells apart the same event happening again to
    the same object; told twice, it is written once. Raises LookupError for an undeclared event.
    """
    declared, allowed = registry.find(event), {}
    identity = f"{obj._meta.label}:{obj.pk}:{key}"
    body, rows = body_of(event, data, at), []
    for endpoint in selectors.endpoints_for(event):
        organisation = endpoint.organisation
        if organisation.pk not in allowed:
            allowed[organisation.pk] = declared.can_see(organisation, obj)
        if allowed[organisation.pk]:
            rows.append(_row(endpoint, event, identity, body, at))
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    if rows:
        _ring()
    return len(rows)


def body_of(event: str, data: dict, at: datetime) -> str:
    """The message as Standard Webhooks wants it: type, instant of the event, facts."""
    message = {"type": event, "timestamp": at, "data": data}
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"), cls=DjangoJSONEncoder)


def _row(endpoint: Endpoint, event: str, identity: str, body: str, at: datetime) -> Delivery:
    return Delivery(
        endpoint=endpoint, event_code=event, event_key=identity, body=body, created_at=at, next_try_at=at
    )


@transaction.atomic
def test_send(*, endpoint: Endpoint, by, at: datetime) -> Delivery:
    """Send a message that means nothing, to see whether it arrives. Raises Refusal."""
    _check_in_service(endpoint, by)
    body = body_of(TEST, {"endpoint": str(endpoint.pk), "organisation": endpoint.organisation.siret}, at)
    delivery = _row(endpoint, TEST, f"test:{uuid.uuid4()}", body, at)
    delivery.save(force_insert=True)
    _record("test_send", endpoint, by, at)
    _ring()
    return delivery


@transaction.atomic
def delivery_replay(*, delivery: Delivery, by, at: datetime) -> Delivery:
    """Send a message again, at once, under the same `webhook-id`. Raises Refusal."""
    delivery = Delivery.objects.select_for_update(of=("self",)).select_related("endpoint").get(pk=delivery.pk)
    _check_in_service(delivery.endpoint, by)
    _again(Delivery.objects.filter(pk=delivery.pk), at)
    _record("delivery_replay", delivery.endpoint, by, at, after={"webhook_id": str(delivery.pk)})
    _ring()
    delivery.refresh_from_db()
    return delivery


@transaction.atomic
def deliveries_replay(*, endpoint: Endpoint, since: datetime, by, at: datetime) -> int:
    """Send again everything written since an instant, received or not; returns how many. Raises Refusal."""
    _check_in_service(endpoint, by)
    if since > at:
        raise Refusal(_("Donnez une date passée."), field="since")
    rows = Delivery.objects.filter(endpoint=endpoint, created_at__gte=since, created_at__lte=at)
    count = _again(rows.exclude(event_code=TEST), at)
    _record("deliveries_replay", endpoint, by, at, after={"since": since, "count": count})
    _ring()
    return count


def _again(rows, at: datetime) -> int:
    return rows.update(
        state=DeliveryState.WAITING,
        next_try_at=at,
        queued_at=Now(),
        attempt_count=0,
        claim=None,
        delivered_at=None,
        failed_at=None,
    )


def _check_in_service(endpoint: Endpoint, by) -> None:
    if not rules.can_manage_endpoint(by, endpoint):
        raise Refusal(_("Seuls les administrateurs de l’organisation gèrent ses adresses."), code="forbidden")
    if not rules.can_pause_endpoint(by, endpoint):
        raise Refusal(_("Remettez d’abord l’adresse en service."), code="conflict")


def _record(action: str, endpoint: Endpoint, by, at: datetime, **facts) -> None:
    journal.record(
        by=by, action=f"webhooks.{action}", obj=endpoint, at=at, organisation=endpoint.organisation, **facts
    )


def _ring() -> None:
    # Imported late: the task is a door that calls the services.
    from foundation.webhooks.tasks import deliver_due

    ring(deliver_due)
