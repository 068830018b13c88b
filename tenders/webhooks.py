"""What other systems are told of consultations: only what the public may read."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.webhooks.registry import EventType, register
from foundation.webhooks.services import event_tell
from tenders.models import Change, Tender

_EXAMPLE = {
    "id": 14,
    "reference": "2026-014",
    "buyer_siret": "13002526500013",
    "url": "https://jalon.example/consultations/14/",
    "api_url": "https://jalon.example/api/v1/tenders/14/",
}


def _is_public(organisation, tender: Tender) -> bool:
    """Everyone reads a consultation whose notice is published; nobody learns of another here."""
    return tender.is_public


EVENTS = (
    EventType(
        "tender.published",
        _("Une consultation est publiée"),
        _is_public,
        {
            **_EXAMPLE,
            "published_at": "2026-09-01T12:00:00+00:00",
            "submission_due_at": "2026-10-05T10:00:00+00:00",
        },
    ),
    EventType(
        "tender.changed",
        _("Un rectificatif ou un report de date limite est publié"),
        _is_public,
        {**_EXAMPLE, "change": "extension", "submission_due_at": "2026-10-12T10:00:00+00:00"},
    ),
    EventType(
        "tender.answered",
        _("Des réponses aux questions sont publiées"),
        _is_public,
        {
            **_EXAMPLE,
            "published_at": "2026-09-15T09:00:00+00:00",
            "numbers": [1, 2],
            "answers_url": "https://jalon.example/api/v1/tender-answers/?tender=14",
        },
    ),
    EventType(
        "tender.cancelled",
        _("Une consultation est déclarée sans suite"),
        _is_public,
        {**_EXAMPLE, "cancelled_at": "2026-09-20T12:00:00+00:00"},
    ),
    EventType(
        "tender.awarded",
        _("Une consultation est attribuée"),
        _is_public,
        {**_EXAMPLE, "awarded_at": "2026-11-05T12:00:00+00:00"},
    ),
)


def declare() -> None:
    """Offer these events to the endpoints."""
    for event in EVENTS:
        register(event)


def tell_published(tender: Tender, at) -> None:
    """A consultation is open to answers."""
    instants = {"published_at": tender.published_at, "submission_due_at": tender.submission_due_at}
    event_tell(event="tender.published", obj=tender, data={**_facts(tender), **instants}, at=at)


def tell_changed(change: Change, at) -> None:
    """A published consultation says something otherwise; what, is read at the address."""
    tender = change.tender
    data = {**_facts(tender), "change": change.kind, "submission_due_at": tender.submission_due_at}
    event_tell(event="tender.changed", obj=tender, data=data, at=at, key=str(change.number))


def tell_answered(tender: Tender, answers, at) -> None:
    """Answers are published to all; their words are read at the address."""
    address = f"{settings.PUBLIC_URL}{reverse('api:tender-answer-list')}?tender={tender.pk}"
    numbers = [answer.number for answer in answers]
    data = {**_facts(tender), "published_at": at, "numbers": numbers, "answers_url": address}
    event_tell(event="tender.answered", obj=tender, data=data, at=at, key=str(numbers[0]))


def tell_cancelled(tender: Tender, at) -> None:
    """A published consultation is given up."""
    data = {**_facts(tender), "cancelled_at": tender.cancelled_at}
    event_tell(event="tender.cancelled", obj=tender, data=data, at=at)


def tell_awarded(tender: Tender, at) -> None:
    """The award is decided; who holds which lot is read at the address."""
    data = {**_facts(tender), "awarded_at": tender.awarded_at}
    key = tender.awarded_at.isoformat()  # decided again after an award was taken back, it is told again
    event_tell(event="tender.awarded", obj=tender, data=data, at=at, key=key)


def _facts(tender: Tender) -> dict:
    return {
        "id": tender.pk,
        "reference": tender.reference,
        "buyer_siret": tender.buyer.siret,
        "url": settings.PUBLIC_URL + reverse("tenders:detail", args=[tender.pk]),
        "api_url": settings.PUBLIC_URL + reverse("api:tender-detail", args=[tender.pk]),
    }
