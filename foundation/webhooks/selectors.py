"""Reads of endpoints and deliveries."""

from datetime import datetime

from django.db.models import Min, Q, QuerySet

from foundation.webhooks import vault
from foundation.webhooks.enums import DeliveryState, EndpointState
from foundation.webhooks.models import Delivery, Endpoint, Secret


def endpoints_for(event_code: str) -> QuerySet[Endpoint]:
    """Endpoints in service that asked for this event."""
    rows = Endpoint.objects.filter(state=EndpointState.ACTIVE, event_codes__contains=[event_code])
    return rows.select_related("organisation")


def deliveries_due(*, at: datetime) -> QuerySet[Delivery]:
    """Messages whose time has come, for endpoints in service, oldest first."""
    due = Q(state=DeliveryState.WAITING, next_try_at__lte=at, endpoint__state=EndpointState.ACTIVE)
    return Delivery.objects.filter(due).order_by("next_try_at", "id")


def secrets_in_force(endpoint: Endpoint, *, at: datetime) -> list[str]:
    """The secrets that sign now, the newest first."""
    rows = Secret.objects.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=at), endpoint=endpoint)
    return [vault.decrypt(row.ciphertext) for row in rows.order_by("-created_at", "-id")]


def oldest_waiting_at() -> datetime | None:
    """Since when the oldest message still to send waits; None when nothing does. For the metrics."""
    waiting = Delivery.objects.filter(state=DeliveryState.WAITING, endpoint__state=EndpointState.ACTIVE)
    return waiting.aggregate(oldest=Min("queued_at"))["oldest"]
