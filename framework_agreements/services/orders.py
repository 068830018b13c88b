"""The life of an order: issued within the ceilings, acknowledged, closed; or its draft given up."""

from django.db import transaction
from django.db.models import Max, Sum
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from foundation.documents.services import document_request, term_start
from foundation.errors import Refusal
from foundation.journal import services as journal
from framework_agreements import documents, notifications, selectors, webhooks
from framework_agreements.models import PurchaseOrder
from framework_agreements.services import ceilings
from framework_agreements.workflow import ORDER


def order_locked(order) -> PurchaseOrder:
    """The order's row, locked until the end of the transaction, with what its rules look at."""
    return selectors.order_rows().select_for_update(of=("self",)).get(pk=order.pk)


@transaction.atomic
def order_issue(*, order, by, at) -> PurchaseOrder:
    """Issue an order: number, ledger, PDF, message to the holder. Asked again, gives the issued order back.

    Raises Refusal: forbidden, outside the validity of the agreement (R2162-5), no line, above a ceiling
    (R2162-4). Locks: the order, then the counters of the agreement, the lot and the beneficiary.
    """
    order = order_locked(order)
    if order.number and ORDER.find("issue").who(by, order):
        return order
    ORDER.apply(order, "issue", by=by, at=at)
    counters = ceilings.ceilings_locked(order)
    order.total_excl_tax = order.lines.aggregate(total=Sum("amount_excl_tax"))["total"]
    ceilings.ceilings_consume(order, counters, at=at)
    order.number = _next_number(order)
    order.issued_by, order.issued_at = by, at
    order.save()
    _publish(order, by=by, at=at)
    _record("order_issue", order, by=by, at=at)
    return order


def _next_number(order) -> int:
    """The number after the last one; the agreement's counter, locked, makes the series gapless."""
    last = PurchaseOrder.objects.filter(agreement=order.agreement_id).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _publish(order, *, by, at):
    document_request(
        kind=documents.PURCHASE_ORDER,
        obj=order,
        facts=documents.purchase_order_facts(order),
        title=_("Bon de commande %(label)s") % {"label": order.label},
        by=by,
        at=at,
        organisation=order.beneficiary.organisation,
    )
    notifications.tell_holder_of_order(order, at=at)
    webhooks.tell_issued(order, at)


@transaction.atomic
def order_acknowledge(*, order, by, at) -> PurchaseOrder:
    """The holder says it received the order; who issued it is told. Asked again, gives the order back."""
    order = order_locked(order)
    if order.acknowledged_at and ORDER.find("acknowledge").who(by, order):
        return order
    ORDER.apply(order, "acknowledge", by=by, at=at)
    order.acknowledged_at = at
    order.save(update_fields=["state", "acknowledged_at"])
    notifications.tell_issuer_of_acknowledgement(order, at=at)
    webhooks.tell_acknowledged(order, at)
    _record("order_acknowledge", order, by=by, at=at, organisation=order.holder.organisation)
    return order


@transaction.atomic
def order_cancel(*, order, reason, by, at) -> PurchaseOrder:
    """Give up a draft, for a reason. An issued order is not cancelled: it was promised."""
    order = order_locked(order)
    if not reason.strip():
        raise Refusal(_("Écrivez en une phrase pourquoi vous abandonnez ce brouillon."), field="reason")
    ORDER.apply(order, "cancel", by=by, at=at)
    order.cancelled_at, order.cancel_reason = at, reason.strip()
    order.save(update_fields=["state", "cancelled_at", "cancel_reason"])
    _record("order_cancel", order, by=by, at=at, reason=reason)
    return order


@transaction.atomic
def order_complete(*, order, by, at) -> PurchaseOrder:
    """Close an order whose work is done: no more days are recorded on it."""
    order = order_locked(order)
    ORDER.apply(order, "complete", by=by, at=at)
    order.completed_at = at
    order.save(update_fields=["state", "completed_at"])
    term_start(objects=[order], starts_date=localdate(at), by=by, at=at)
    _record("order_complete", order, by=by, at=at)
    return order


def _record(action, order, *, by, at, reason="", organisation=None):
    journal.record(
        by=by,
        action=f"framework_agreements.{action}",
        obj=order,
        at=at,
        reason=reason,
        after=selectors.order_facts(order),
        organisation=organisation or order.beneficiary.organisation,
    )
