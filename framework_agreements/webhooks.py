"""What other systems are told of orders: that they are there, never their amount."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.webhooks.registry import EventType, register
from foundation.webhooks.services import event_tell
from framework_agreements.models import PurchaseOrder

_EXAMPLE = {
    "id": 31,
    "number": "BC-2026-014-3",
    "agreement": "2026-014",
    "beneficiary_siret": "13002526500013",
    "holder_siret": "99900000100017",
    "url": "https://jalon.example/accords-cadres/bons-de-commande/31/",
    "api_url": "https://jalon.example/api/v1/orders/31/",
}


def _is_party(organisation, order: PurchaseOrder) -> bool:
    """Whoever ordered, whoever runs the agreement, whoever must deliver."""
    parties = {order.beneficiary.organisation_id, order.agreement.buyer_id, order.holder.organisation_id}
    return organisation.pk in parties


EVENTS = (
    EventType(
        "order.issued",
        _("Un bon de commande est émis"),
        _is_party,
        {**_EXAMPLE, "issued_at": "2026-09-01T12:00:00+00:00"},
    ),
    EventType(
        "order.acknowledged",
        _("Un titulaire accuse réception d’un bon de commande"),
        _is_party,
        {**_EXAMPLE, "acknowledged_at": "2026-09-02T08:00:00+00:00"},
    ),
)


def declare() -> None:
    """Offer these events to the endpoints."""
    for event in EVENTS:
        register(event)


def tell_issued(order: PurchaseOrder, at) -> None:
    """An order binds its parties."""
    event_tell(event="order.issued", obj=order, data={**_facts(order), "issued_at": order.issued_at}, at=at)


def tell_acknowledged(order: PurchaseOrder, at) -> None:
    """The holder has the order."""
    data = {**_facts(order), "acknowledged_at": order.acknowledged_at}
    event_tell(event="order.acknowledged", obj=order, data=data, at=at)


def _facts(order: PurchaseOrder) -> dict:
    return {
        "id": order.pk,
        "number": order.label,
        "agreement": order.agreement.reference,
        "beneficiary_siret": order.beneficiary.organisation.siret,
        "holder_siret": order.holder.organisation.siret,
        "url": settings.PUBLIC_URL + order.get_absolute_url(),
        "api_url": settings.PUBLIC_URL + reverse("api:order-detail", args=[order.pk]),
    }
