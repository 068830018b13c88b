"""Messages of this stage: an agreement begins, an order is issued, an order is acknowledged."""

from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.accounts.selectors import users_with_role
from foundation.money import format_euros
from foundation.notifications.registry import MessageKind, register
from foundation.notifications.services import notify

KINDS = [
    MessageKind("framework_agreements.agreement_started", _("Accord-cadre notifié"), "agreement_started"),
    MessageKind("framework_agreements.order_issued", _("Bon de commande reçu"), "order_issued"),
    MessageKind(
        "framework_agreements.order_acknowledged", _("Bon de commande accepté"), "order_acknowledged"
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
