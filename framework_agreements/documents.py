"""The printed purchase order: its kind, and the facts frozen in its row."""

from django.utils.translation import gettext_lazy as _

from foundation.documents.registry import DocumentKind, register
from framework_agreements import rules

PURCHASE_ORDER = "framework_agreements.purchase_order"


def _can_see(user, document) -> bool:
    return rules.orders_visible_to(user).filter(pk=document.object_id).exists()


def declare() -> None:
    """Make the kind known to the documents."""
    register(
        DocumentKind(
            code=PURCHASE_ORDER,
            label=_("Bon de commande"),
            template="documents/framework_agreements/purchase_order.html",
            can_see=_can_see,
        )
    )


def purchase_order_facts(order) -> dict:
    """All that the printed order says, read once at its issue."""
    agreement, lot = order.agreement, order.lot
    return {
        "label": order.label,
        "title": order.title,
        "description": order.description,
        "issued_at": order.issued_at.isoformat(),
        "issued_by": str(order.issued_by),
        "delivery_due_date": order.delivery_due_date.isoformat() if order.delivery_due_date else "",
        "agreement": {
            "reference": agreement.reference,
            "title": agreement.title,
            "buyer": str(agreement.buyer),
            "end_date": agreement.end_date.isoformat(),
            "price_note": agreement.price_note,
        },
        "lot": {"number": lot.number, "title": lot.title},
        "holder": _party(order.holder.organisation),
        "beneficiary": _party(order.beneficiary.organisation),
        "issuer": _party(order.beneficiary.organisation),
        "holder_reason": order.holder_reason,
        "lines": [
            _line_facts(line)
            for line in order.lines.select_related("work_unit").prefetch_related("work_unit__deliverables")
        ],
        "total_excl_tax": str(order.total_excl_tax),
    }


def _party(organisation) -> dict:
    names = ("name", "siret", "address", "postal_code", "city")
    return {name: getattr(organisation, name) for name in names}


def _line_facts(line) -> dict:
    unit = line.work_unit
    return {
        "position": line.position,
        "code": unit.code,
        "title": unit.title,
        "phase": unit.get_phase_display(),
        "is_code_ours": unit.is_code_ours,
        "quantity": str(line.quantity),
        "unit_price_excl_tax": str(line.unit_price_excl_tax),
        "amount_excl_tax": str(line.amount_excl_tax),
        "planned_days": str(line.planned_days),
        "deliverables": [
            {"moment": item.get_moment_display(), "label": item.label} for item in unit.deliverables.all()
        ],
    }
