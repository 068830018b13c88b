"""Messages of this stage: an agreement begins, an order is issued, an order is acknowledged."""

from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.accounts.selectors import users_with_role
from foundation.money import format_euros
from foundation.notifications.registry import MessageKind, register
from foundation.notifications.services import notify

_ORDER = {
    "label": "BC-2026-014-3",
    "title": "Conception du suivi",
    "agreement": "2026-014",
    "beneficiary": "DINUM",
    "holder": "Collectif Code Public",
    "total": "12 400,00 €",
}

KINDS = [
    MessageKind(
        "framework_agreements.agreement_started",
        _("Accord-cadre notifié"),
        "agreement_started",
        legal=_("art. R2182-4 du code de la commande publique"),
        example={
            "reference": "2026-014",
            "title": "Développement agile",
            "buyer": "DINUM",
            "end_date": "31/12/2027",
        },
    ),
    MessageKind(
        "framework_agreements.order_issued",
        _("Bon de commande reçu"),
        "order_issued",
        legal=_("les bons de commande sont notifiés au titulaire (art. 3.7 du CCAG-TIC)"),
        example=_ORDER,
    ),
    MessageKind(
        "framework_agreements.order_acknowledged",
        _("Bon de commande accepté"),
        "order_acknowledged",
        example=_ORDER,
    ),
]


def declare() -> None:
    """Make the kinds known to the outbox."""
    for kind in KINDS:
        register(kind)


def tell_holders_of_activation(agreement, *, at) -> None:
    """Tell the members of every holder that the agreement runs."""
    holders = agreement.lots.values("holders__organisation")
    notify(
        kind="framework_agreements.agreement_started",
        recipients=User.objects.filter(is_active=True, memberships__organisation__in=holders).distinct(),
        obj=agreement,
        context={
            "reference": agreement.reference,
            "title": agreement.title,
            "buyer": str(agreement.buyer),
            "end_date": agreement.end_date.strftime("%d/%m/%Y"),
        },
        url=agreement.get_absolute_url(),
        at=at,
        event="started",
    )


def tell_holder_of_order(order, *, at) -> None:
    """Tell the members of the holder that an order waits for them."""
    notify(
        kind="framework_agreements.order_issued",
        recipients=users_with_role(order.holder.organisation),
        obj=order,
        context=_order_words(order),
        url=order.get_absolute_url(),
        at=at,
        event="issued",
    )


def tell_issuer_of_acknowledgement(order, *, at) -> None:
    """Tell who issued and who drafted the order that its holder has it."""
    notify(
        kind="framework_agreements.order_acknowledged",
        recipients=User.objects.filter(pk__in=[order.issued_by_id, order.created_by_id]),
        obj=order,
        context=_order_words(order),
        url=order.get_absolute_url(),
        at=at,
        event="acknowledged",
    )


def _order_words(order) -> dict:
    return {
        "label": order.label,
        "title": order.title,
        "agreement": order.agreement.reference,
        "beneficiary": str(order.beneficiary.organisation),
        "holder": str(order.holder.organisation),
        "total": format_euros(order.total_excl_tax),
    }
