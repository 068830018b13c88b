"""Ceilings held to the cent: lock the counters in a fixed order, check, write the ledger."""

from django.db import IntegrityError
from django.db.models import Q
from django.utils.translation import gettext as _

from foundation.errors import Reason, Refusal
from foundation.money import format_euros
from framework_agreements import legal
from framework_agreements.enums import CeilingScope
from framework_agreements.models import Ceiling, ConsumptionEntry


def ceilings_open(agreement) -> None:
    """Open the counters of an agreement, its lots and its beneficiaries, from the limits of the contract."""
    rows = [
        Ceiling(agreement=agreement, scope=CeilingScope.AGREEMENT, limit_excl_tax=agreement.maximum_excl_tax)
    ]
    rows += [
        Ceiling(agreement=agreement, scope=CeilingScope.LOT, lot=lot, limit_excl_tax=lot.maximum_excl_tax)
        for lot in agreement.lots.all()
    ]
    rows += [
        Ceiling(
            agreement=agreement,
            scope=CeilingScope.BENEFICIARY,
            beneficiary=beneficiary,
            limit_excl_tax=beneficiary.ceiling_excl_tax,
        )
        for beneficiary in agreement.beneficiaries.all()
    ]
    Ceiling.objects.bulk_create(rows)


def ceilings_of(order):
    """The three counters of an order: agreement, lot, beneficiary, in the order they are locked."""
    rows = Ceiling.objects.filter(
        Q(scope=CeilingScope.AGREEMENT, agreement=order.agreement_id)
        | Q(lot=order.lot_id)
        | Q(beneficiary=order.beneficiary_id)
    )
    return rows.select_related("agreement", "lot", "beneficiary__organisation").order_by("scope")


def ceilings_locked(order) -> list[Ceiling]:
    """The same, locked until the end of the transaction.

    Every writer takes them in the same order, so none waits for one that waits for it. The first is the
    agreement's: it also serialises the numbers of its orders.
    """
    return list(ceilings_of(order).select_for_update(of=("self",), no_key=True))


def excess_reasons(ceilings, amount, field="") -> list[Reason]:
    """Why `amount` does not fit: one reason for each ceiling that it would exceed, with what is left."""
    exceeded = [c for c in ceilings if c.available_excl_tax is not None and amount > c.available_excl_tax]
    return [_excess(ceiling, amount, field) for ceiling in exceeded]


def _excess(ceiling, amount, field) -> Reason:
    words = {
        "amount": format_euros(amount),
        "available": format_euros(ceiling.available_excl_tax),
        "limit": format_euros(ceiling.limit_excl_tax),
        "target": ceiling.target_label,
    }
    if ceiling.scope == CeilingScope.BENEFICIARY:
        message = _(
            "Ce bon de commande (%(amount)s HT) dépasse le plafond de %(target)s : il reste %(available)s HT "
            "sur %(limit)s HT. Réduisez les quantités, ou demandez à l’administrateur de l’accord-cadre de "
            "revoir la répartition."
        )
        return Reason(message % words, field=field, code="ceiling")
    message = _(
        "Ce bon de commande (%(amount)s HT) dépasse le maximum de « %(target)s » : il reste %(available)s HT"
        " sur %(limit)s HT. Réduisez les quantités ou préparez une nouvelle consultation : une fois le"
        " maximum atteint, l’accord-cadre a épuisé ses effets."
    )
    return Reason(message % words, field=field, article=legal.MAXIMUM_REQUIRED.article, code="ceiling")


def ceilings_consume(order, ceilings, *, at) -> None:
    """Write the ledger; its trigger moves the counters and their constraint refuses an excess all the same.

    Raises Refusal (ceiling) when the amount does not fit.
    """
    reasons = excess_reasons(ceilings, order.total_excl_tax)
    if reasons:
        raise Refusal.of(reasons)
    entries = [
        ConsumptionEntry(ceiling=ceiling, order=order, amount_excl_tax=order.total_excl_tax, at=at)
        for ceiling in ceilings
    ]
    try:
        ConsumptionEntry.objects.bulk_create(entries)
    except IntegrityError as error:
        if "ceiling_never_exceeded" not in str(error):
            raise
        raise Refusal(
            _(
                "Le plafond vient d’être atteint par un autre bon de commande. Rechargez la page et réduisez"
                " les quantités."
            ),
            article=legal.MAXIMUM_REQUIRED.article,
            code="ceiling",
        ) from error
