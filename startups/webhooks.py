"""What other systems are told of iterations: what was decided, never the minutes."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.webhooks.registry import EventType, register
from foundation.webhooks.services import event_tell
from startups.enums import Decision

_EXAMPLE = {
    "id": 7,
    "startup": "mon-suivi",
    "number": 3,
    "decision": "accepted",
    "record": "PV-2026-0004",
    "url": "https://jalon.example/startups/mon-suivi/iterations/3/",
    "api_url": "https://jalon.example/api/v1/iterations/7/",
    "decided_at": "2026-09-01T12:00:00+00:00",
}


def _is_party(organisation, iteration) -> bool:
    """The administration that carries the startup, and the firm whose order pays the iteration."""
    return organisation.pk in {iteration.startup.organisation_id, iteration.order.holder.organisation_id}


EVENTS = (
    EventType("iteration.accepted", _("Une itération est admise"), _is_party, _EXAMPLE),
    EventType(
        "iteration.refused",
        _("Une itération est ajournée ou rejetée"),
        _is_party,
        {**_EXAMPLE, "decision": "deferred"},
    ),
)
_ACCEPTED = {Decision.ACCEPTED, Decision.REDUCED}


def declare() -> None:
    """Offer these events to the endpoints."""
    for event in EVENTS:
        register(event)


def tell_decided(record, at) -> None:
    """The acceptance record is signed."""
    iteration = record.iteration
    event_tell(
        event="iteration.accepted" if record.decision in _ACCEPTED else "iteration.refused",
        obj=iteration,
        key=f"record {record.pk}",
        data={
            "id": iteration.pk,
            "startup": iteration.startup.slug,
            "number": iteration.number,
            "decision": record.decision,
            "record": record.document.number,
            "url": settings.PUBLIC_URL + iteration.get_absolute_url(),
            "api_url": settings.PUBLIC_URL + reverse("api:iteration-detail", args=[iteration.pk]),
            "decided_at": record.signed_at,
        },
        at=at,
    )
