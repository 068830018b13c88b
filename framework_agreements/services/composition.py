"""What a draft agreement is made of: lots, catalogue, holders, prices, beneficiaries."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from foundation.errors import Refusal
from foundation.journal import services as journal
from framework_agreements import catalogue, legal, rules
from framework_agreements.enums import AgreementState, AllocationRule
from framework_agreements.models import (
    AgreementLot,
    Beneficiary,
    ExpectedDeliverable,
    FrameworkAgreement,
    Holder,
    UnitPrice,
    WorkUnit,
)


def agreement_to_edit(agreement, *, by) -> FrameworkAgreement:
    """The locked draft, if `by` may write it. Raises Refusal (forbidden, conflict)."""
    rows = FrameworkAgreement.objects.select_related("buyer").select_for_update(of=("self",))
    agreement = rows.get(pk=agreement.pk)
    if by is not None and not rules.can_administer_agreement(by, agreement):
        raise Refusal(
            _("Seuls l’administrateur d’accords-cadres et le signataire de l’acheteur le modifient."),
            code="forbidden",
        )
    if agreement.state != AgreementState.DRAFT:
        raise Refusal(
            _("Cet accord-cadre est activé : ses lots, titulaires, prix et bénéficiaires ne changent plus."),
            article=legal.CLOSED_LIST.article,
            code="conflict",
        )
    return agreement


@transaction.atomic
def lot_add(
    *, agreement, number, title, maximum_excl_tax=None, allocation_rule=AllocationRule.SINGLE, by, at
):
    """Add a lot. Raises Refusal when its number is taken."""
    agreement = agreement_to_edit(agreement, by=by)
    lot = AgreementLot(
        agreement=agreement,
        number=number,
        title=title,
        maximum_excl_tax=maximum_excl_tax,
        allocation_rule=allocation_rule,
    )
    _save_or_refuse(lot, _("Ce numéro de lot est déjà pris : choisissez le suivant."), "number")
    _record("lot_add", agreement, by=by, at=at, after={"number": number, "title": title})
    return lot


@transaction.atomic
def catalogue_load(*, lot, lot_number, by, at) -> int:
    """Load in `lot` the units of a lot of the specification that it has not yet. Returns how many."""
    agreement = agreement_to_edit(lot.agreement, by=by)
    known = set(lot.work_units.values_list("code", flat=True))
    entries = [entry for entry in catalogue.lot(lot_number).units if entry.code not in known]
    for position, entry in enumerate(entries, start=len(known) + 1):
        work_unit_from_entry(lot, entry, position)
    _record("catalogue_load", agreement, by=by, at=at, after={"lot": lot.number, "units": len(entries)})
    return len(entries)


def work_unit_from_entry(lot, entry, position, *, price_places=2) -> WorkUnit:
    """Write a unit of the catalogue and its deliverables in `lot`."""
    unit = WorkUnit.objects.create(
        lot=lot,
        position=position,
        code=entry.code,
        title=entry.title,
        description=entry.description,
        phase=entry.phase,
        complexity=entry.complexity,
        complexity_criterion=entry.criterion,
        startups_from=entry.startups_from,
        startups_to=entry.startups_to,
        load_days=entry.load_days,
        load_text=entry.load_text,
        duration_min_months=entry.duration[0],
        duration_max_months=entry.duration[1],
        duration_text=entry.duration_text,
        profiles=list(entry.profiles),
        trigger=entry.trigger,
        trigger_text=entry.trigger_text,
        is_flat_rate=entry.is_flat_rate,
        source_section=entry.section,
        source_note=entry.note,
        is_code_ours=entry.is_code_ours,
        price_places=price_places,
    )
    ExpectedDeliverable.objects.bulk_create(
        ExpectedDeliverable(work_unit=unit, moment=item.moment, label=item.label, position=rank)
        for rank, item in enumerate(entry.deliverables, start=1)
    )
    return unit


@transaction.atomic
def holder_add(*, lot, organisation, rank, by, at) -> Holder:
    """Add a holder to a lot, at its rank. Raises Refusal when the firm or the rank is already there."""
    agreement = agreement_to_edit(lot.agreement, by=by)
    holder = Holder(lot=lot, organisation=organisation, rank=rank)
    _save_or_refuse(
        holder, _("Cette entreprise ou ce rang est déjà dans ce lot : vérifiez la liste."), "rank"
    )
    _record(
        "holder_add",
        agreement,
        by=by,
        at=at,
        after={"lot": lot.number, "holder": organisation.pk, "rank": rank},
    )
    return holder


@transaction.atomic
def beneficiary_add(*, agreement, organisation, ceiling_excl_tax=None, note="", by, at) -> Beneficiary:
    """Add a buyer of the notice to the list, which closes at activation (R2162-6)."""
    agreement = agreement_to_edit(agreement, by=by)
    row = Beneficiary(
        agreement=agreement, organisation=organisation, ceiling_excl_tax=ceiling_excl_tax, note=note
    )
    _save_or_refuse(row, _("Cette organisation est déjà bénéficiaire."), "organisation")
    _record("beneficiary_add", agreement, by=by, at=at, after={"organisation": organisation.pk})
    return row


@transaction.atomic
def prices_set(*, holder, prices, by, at) -> int:
    """Write a holder's price schedule: `prices` maps units to euros excluding tax. Returns how many."""
    agreement = agreement_to_edit(holder.lot.agreement, by=by)
    if any(price < 0 for price in prices.values()):
        raise Refusal(_("Un prix unitaire n’est pas négatif : laissez vide ce que le titulaire ne vend pas."))
    UnitPrice.objects.bulk_create(
        [
            UnitPrice(holder=holder, work_unit=unit, unit_price_excl_tax=price)
            for unit, price in prices.items()
        ],
        update_conflicts=True,
        unique_fields=["holder", "work_unit"],
        update_fields=["unit_price_excl_tax"],
    )
    told = {unit.code: price for unit, price in prices.items()}
    _record("prices_set", agreement, by=by, at=at, after={"holder": holder.pk, "prices": told})
    return len(prices)


def _save_or_refuse(row, message, field):
    """Save a row; a unique constraint that refuses it becomes a sentence."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Refusal(message, field=field, code="conflict") from error


def _record(action, agreement, *, by, at, after):
    journal.record(
        by=by,
        action=f"framework_agreements.{action}",
        obj=agreement,
        at=at,
        after=after,
        organisation=agreement.buyer,
    )
