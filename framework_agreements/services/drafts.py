"""Drafting an order: its holder by the announced rule, its lines at the holder's prices."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from foundation.errors import Reason, Refusal
from foundation.journal import services as journal
from foundation.money import cents
from framework_agreements import legal, rules, selectors
from framework_agreements.enums import AgreementState, AllocationRule, OrderState
from framework_agreements.models import OrderLine, PurchaseOrder, UnitPrice, WorkUnit
from framework_agreements.services.ceilings import ceilings_of, excess_reasons

GREATEST_AMOUNT = Decimal("999999999999.99")
GREATEST_DAYS = Decimal("999999.99")
"""What the columns of an order hold."""


@dataclass(frozen=True)
class LineDraft:
    """A line asked for: `planned_days` only when the work unit has no load of its own."""

    work_unit: WorkUnit
    quantity: Decimal
    planned_days: Decimal | None = None


@transaction.atomic
def order_create(
    *,
    lot,
    holder,
    beneficiary,
    title,
    lines=(),
    description="",
    delivery_due_date=None,
    holder_reason="",
    project=None,
    key=None,
    by,
    at,
) -> PurchaseOrder:
    """Draft an order. `lines` are `LineDraft`; `key` makes a repeated request give the same order back.

    Raises Refusal: forbidden, holder or beneficiary outside the lot's agreement, holder out of its turn
    without a reason (R2162-14), unit without a price, days missing, a key that came with another demand.
    """
    _check_drafter(by, beneficiary)
    said = {
        "lot": lot,
        "holder": holder,
        "title": title,
        "description": description,
        "delivery_due_date": delivery_due_date,
        "holder_reason": holder_reason,
        "project": project,
    }
    digest = _digest({**said, "beneficiary": beneficiary}, lines) if key else ""
    known = _known(by, key, digest) if key else None
    if known:
        return known
    order = PurchaseOrder(
        agreement=lot.agreement,
        beneficiary=beneficiary,
        created_by=by,
        created_at=at,
        creation_key=key or None,
        creation_digest=digest,
    )
    _describe(order, **said)
    if not _save_once(order):
        return _known(by, key, digest)
    _write_lines(order, lines)
    _record("order_create", order, by=by, at=at)
    return order


def _digest(said, lines) -> str:
    """What a demand says, as one number: the same key must come with the same demand."""
    facts = {name: str(getattr(value, "pk", value) or "").strip() for name, value in said.items()}
    rows = [[line.work_unit.pk, _plain(line.quantity), _plain(line.planned_days)] for line in lines]
    return journal.digest({**facts, "lines": rows})


def _plain(number) -> str:
    return "" if number is None else f"{number.normalize():f}"


def _known(by, key, digest) -> PurchaseOrder | None:
    """The order that this key made. Raises Refusal when it was made by another demand."""
    order = PurchaseOrder.objects.filter(created_by=by, creation_key=key).first()
    if order is not None and order.creation_digest != digest:
        raise Refusal(
            _(
                "Cette clé a déjà créé la commande « %(title)s » avec un autre contenu : modifiez ce brouillon, ou"
                " recommencez une commande."
            )
            % {"title": order.title},
            field="key",
        )
    return order


def _check_drafter(by, beneficiary) -> None:
    if not rules.can_draft_order(by, beneficiary):
        raise Refusal(
            _(
                "Seuls les prescripteurs, responsables de produit et acheteurs du bénéficiaire préparent ses"
                " commandes."
            ),
            code="forbidden",
        )


@transaction.atomic
def order_update(
    *,
    order,
    lines,
    title,
    holder=None,
    description="",
    delivery_due_date=None,
    holder_reason="",
    project=None,
    by,
    at,
) -> PurchaseOrder:
    """Rewrite a draft: description, holder and all lines. Raises Refusal as `order_create` does."""
    order = selectors.order_rows().select_for_update(of=("self",)).get(pk=order.pk)
    if not rules.can_draft_order(by, order.beneficiary):
        raise Refusal(_("Vous n’avez pas le droit de modifier ce bon de commande."), code="forbidden")
    if order.state != OrderState.DRAFT:
        raise Refusal(
            _("Ce bon de commande n’est plus un brouillon : il se lit, il ne se modifie plus."),
            code="conflict",
        )
    _describe(
        order,
        holder=holder or order.holder,
        title=title,
        description=description,
        delivery_due_date=delivery_due_date,
        holder_reason=holder_reason,
        project=project,
    )
    order.save()
    order.lines.all().delete()
    _write_lines(order, lines)
    _record("order_update", order, by=by, at=at)
    return order


@transaction.atomic
def order_add_line(*, order, line, by, at) -> PurchaseOrder:
    """Add one line to a draft. Raises Refusal as `order_update` does."""
    order = selectors.order_rows().select_for_update(of=("self",)).get(pk=order.pk)
    lines = [
        LineDraft(row.work_unit, row.quantity, row.planned_days)
        for row in order.lines.select_related("work_unit")
    ]
    return order_update(
        order=order,
        lines=[*lines, line],
        title=order.title,
        description=order.description,
        delivery_due_date=order.delivery_due_date,
        holder_reason=order.holder_reason,
        project=order.project,
        by=by,
        at=at,
    )


def _save_once(order) -> bool:
    """Save a new order; False when the same key came first (PostgreSQL makes the second wait)."""
    try:
        with transaction.atomic():
            order.save(force_insert=True)
    except IntegrityError as error:
        if "order_creation_key_unique" not in str(error):
            raise
        return False
    return True


def _describe(order, **fields):
    """Write what the draft says, then check that the holder and the beneficiary may be there."""
    for name, value in fields.items():
        setattr(order, name, value)
    order.holder_reason = order.holder_reason.strip()
    reasons = list(_membership_reasons(order)) + list(_turn_reasons(order))
    if reasons:
        raise Refusal.of(reasons)


def _membership_reasons(order):
    """The holder must hold the lot; the beneficiary must be on the closed list of the same agreement."""
    if order.agreement.state != AgreementState.ACTIVE:
        yield Reason(
            _("L’accord-cadre n’est pas en cours : choisissez-en un autre."),
            field="lot",
            article=legal.ORDER_VALIDITY.article,
            code="conflict",
        )
    if order.holder.lot_id != order.lot_id:
        yield Reason(_("Ce titulaire ne tient pas ce lot : choisissez un titulaire du lot."), field="holder")
    if order.beneficiary.agreement_id != order.agreement_id:
        yield Reason(
            _(
                "Cette organisation n’est pas bénéficiaire de cet accord-cadre : seule la liste de l’avis"
                " peut commander."
            ),
            field="beneficiary",
            article=legal.CLOSED_LIST.article,
        )


def _turn_reasons(order):
    """Another holder than the one the announced rule designates needs a reason."""
    if order.holder_reason or order.lot.allocation_rule == AllocationRule.SINGLE:
        return
    designated = selectors.designated_holder(order.lot)
    if designated and designated.pk != order.holder_id:
        yield Reason(
            _(
                "La règle annoncée (%(rule)s) désigne %(holder)s. Choisissez ce titulaire, ou écrivez"
                " pourquoi la commande va à un autre."
            )
            % {"rule": order.lot.get_allocation_rule_display().lower(), "holder": designated.organisation},
            field="holder_reason",
            article=legal.ALLOCATION.article,
        )


def _write_lines(order, lines):
    """Price the lines, number them, write the total of the order."""
    prices = dict(
        UnitPrice.objects.filter(holder=order.holder_id).values_list("work_unit_id", "unit_price_excl_tax")
    )
    reasons, rows = [], []
    for position, line in enumerate(lines, start=1):
        found = list(_line_reasons(line, prices, f"lines.{position - 1}"))
        reasons += found
        if not found:
            rows.append(_line_row(order, position, line, prices[line.work_unit.pk]))
    order.total_excl_tax = sum((row.amount_excl_tax for row in rows), Decimal(0))
    if order.total_excl_tax > GREATEST_AMOUNT:
        message = _("Le total dépasse ce qu’un bon de commande peut porter : réduisez les quantités.")
        reasons.append(Reason(message, field="lines.0.quantity"))
    # A first look without lock, to tell it where the quantities are typed; the issue decides, under lock.
    reasons += excess_reasons(ceilings_of(order), order.total_excl_tax, "lines.0.quantity")
    if reasons:
        raise Refusal.of(reasons)
    OrderLine.objects.bulk_create(rows)
    order.save(update_fields=["total_excl_tax"])


def _line_reasons(line, prices, place):
    code = line.work_unit.code
    if line.quantity <= 0:
        yield Reason(
            _("%(code)s : la quantité doit être supérieure à zéro.") % {"code": code},
            field=f"{place}.quantity",
            article=legal.WRITTEN_ORDER.article,
        )
    elif prices.get(line.work_unit.pk) and not cents(line.quantity * prices[line.work_unit.pk]):
        yield Reason(
            _("%(code)s : cette quantité ne vaut pas un centime. Augmentez-la.") % {"code": code},
            field=f"{place}.quantity",
        )
    elif _is_too_much(line, prices.get(line.work_unit.pk, 0)):
        yield Reason(
            _("%(code)s : cette quantité dépasse ce qu’un bon de commande peut porter. Réduisez-la.")
            % {"code": code},
            field=f"{place}.quantity",
        )
    if line.work_unit.pk not in prices:
        yield Reason(
            _("%(code)s n’a pas de prix chez ce titulaire : choisissez une unité de son bordereau.")
            % {"code": code},
            field=f"{place}.work_unit",
        )
    if line.planned_days is None and line.work_unit.load_days is None and not line.work_unit.is_flat_rate:
        yield Reason(
            _("%(code)s : le texte ne donne pas de charge. Saisissez les jours-homme prévus.")
            % {"code": code},
            field=f"{place}.planned_days",
        )


def _is_too_much(line, unit_price) -> bool:
    """Whether no column of the order would hold the amount or the days of this line."""
    load = line.work_unit.load_days or 0
    return line.quantity * unit_price > GREATEST_AMOUNT or load * line.quantity > GREATEST_DAYS


def _line_row(order, position, line, unit_price) -> OrderLine:
    load = line.work_unit.load_days
    planned = cents(load * line.quantity) if load is not None else line.planned_days
    return OrderLine(
        order=order,
        position=position,
        work_unit=line.work_unit,
        quantity=line.quantity,
        unit_price_excl_tax=unit_price,
        amount_excl_tax=cents(line.quantity * unit_price),
        planned_days=planned or Decimal(0),
    )


def _record(action, order, *, by, at):
    journal.record(
        by=by,
        action=f"framework_agreements.{action}",
        obj=order,
        at=at,
        after=selectors.order_facts(order),
        organisation=order.beneficiary.organisation,
    )
