"""What the journal holds of agreements and orders: terms, ceilings, amounts, and the ledger of what is ordered."""

from django.db.models import Exists, OuterRef, Prefetch, Q, Sum
from django.utils.translation import gettext_lazy as _

from foundation.journal.commitments import Commitment, commit
from foundation.journal.digests import columns, columns_of
from framework_agreements.models import Ceiling, ConsumptionEntry, FrameworkAgreement, PurchaseOrder

LIFE = ("state", "acknowledged_at", "completed_at", "cancelled_at", "cancel_reason")
"""What moves in an order once it is issued."""


def declare() -> None:
    """Say what is compared, and with the lines of which acts."""
    commit(*_agreements(), *_orders())


def _agreements() -> list[Commitment]:
    active = FrameworkAgreement.objects.filter(served_at__isnull=False)
    counters = Ceiling.objects.annotate(ledger=Sum("entries__amount_excl_tax", default=0))
    parts = (
        "lots__holders__unit_prices",
        "lots__work_units",
        "beneficiaries",
        Prefetch("ceilings", counters),
    )
    return [
        Commitment(
            name="terms",
            label=_("Lots, titulaires, prix et plafonds d’un accord-cadre"),
            rows=active.prefetch_related(*parts),
            facts=_terms,
            actions=_acts("agreement_activate"),
            is_settled=True,
        ),
        Commitment(
            name="period",
            label=_("Accord-cadre"),
            rows=active,
            facts=columns,
            actions=_acts("agreement_activate", "agreement_renew", "agreement_end"),
        ),
    ]


def _orders() -> list[Commitment]:
    """An order that took of a ceiling was issued, whatever its row says."""
    written = ConsumptionEntry.objects.filter(order=OuterRef("pk"))
    issued = PurchaseOrder.objects.filter(Q(number__isnull=False) | Exists(written))
    return [
        Commitment(
            name="ordered",
            label=_("Lignes, montant et écritures d’un bon de commande"),
            rows=issued.prefetch_related("lines", "consumption"),
            facts=_ordered,
            actions=_acts("order_issue"),
            is_settled=True,
        ),
        Commitment(
            name="life",
            label=_("État d’un bon de commande"),
            rows=issued,
            facts=lambda order: {name: value for name, value in columns(order).items() if name in LIFE},
            actions=_acts("order_issue", "order_acknowledge", "order_complete"),
        ),
    ]


def _acts(*names: str) -> frozenset[str]:
    return frozenset(f"framework_agreements.{name}" for name in names)


def _terms(agreement: FrameworkAgreement) -> dict:
    """A counter moves with each order; that its ledger alone moved it stays true."""
    lots = agreement.lots.all()
    holders = [holder for lot in lots for holder in lot.holders.all()]
    return {
        "lots": columns_of(lots),
        "holders": columns_of(holders),
        "prices": columns_of(price for holder in holders for price in holder.unit_prices.all()),
        "units": columns_of(unit for lot in lots for unit in lot.work_units.all()),
        "beneficiaries": columns_of(agreement.beneficiaries.all()),
        "ceilings": columns_of(agreement.ceilings.all(), "consumed_excl_tax"),
        "moved_otherwise": [
            ceiling.pk
            for ceiling in sorted(agreement.ceilings.all(), key=lambda ceiling: ceiling.pk)
            if ceiling.consumed_excl_tax != ceiling.ledger
        ],
    }


def _ordered(order: PurchaseOrder) -> dict:
    return {
        "order": columns(order, *LIFE),
        "lines": columns_of(order.lines.all(), "done_days"),
        "consumption": columns_of(order.consumption.all()),
    }
