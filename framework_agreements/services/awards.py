"""From an award to a draft agreement: lots, ranked holders, work units, opened unit prices."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.errors import Refusal
from foundation.journal import services as journal
from framework_agreements import catalogue, rules, selectors
from framework_agreements.enums import AgreementState, AllocationRule
from framework_agreements.models import (
    AgreementLot,
    Beneficiary,
    FrameworkAgreement,
    Holder,
    UnitPrice,
    WorkUnit,
)
from framework_agreements.services.composition import work_unit_from_entry
from tenders.enums import TenderState
from tenders.models import Award, Tender
from tenders.selectors import award_prices


@transaction.atomic
def agreement_create_from_award(*, tender, by, at) -> FrameworkAgreement:
    """Draft the agreement of an awarded consultation; asked again, give the same one back.

    Lots and ranked holders come from the decided awards, prices from the opened bids, work units from the
    catalogue when their code is known, else from the price schedule's line. The buyer is the first
    beneficiary; the others of the notice are added before activation. `by=None` is the platform.
    Raises Refusal: forbidden, not awarded.
    """
    tender = (
        Tender.objects.select_related("buyer").select_for_update(of=("self",), no_key=True).get(pk=tender.pk)
    )
    known = FrameworkAgreement.objects.filter(tender=tender).first()
    if known:
        return known
    _check(tender, by)
    agreement = _draft(tender, at)
    Beneficiary.objects.create(agreement=agreement, organisation=tender.buyer)
    for tender_lot, ranked in _awards_by_lot(tender).items():
        _take_lot(agreement, tender_lot, ranked)
    journal.record(
        by=by,
        action="framework_agreements.agreement_create_from_award",
        obj=agreement,
        at=at,
        after=selectors.agreement_facts(agreement),
        organisation=tender.buyer,
    )
    return agreement


@transaction.atomic
def agreement_follow_awards(*, tender, by, at) -> FrameworkAgreement | None:
    """Have the draft agreement of a consultation name the holders of the awards in force, when one was taken back or
    the next firm got the lot. None when there is no draft: an agreement in force does not change, but no order goes
    to a firm that lost its award (`workflow.ORDER`).
    """
    tender = Tender.objects.select_for_update(of=("self",), no_key=True).get(pk=tender.pk)
    drafts = FrameworkAgreement.objects.select_for_update(of=("self",)).select_related("buyer")
    agreement = drafts.filter(tender=tender, state=AgreementState.DRAFT).first()
    if agreement is None:
        return None
    awards, before = _awards_by_lot(tender), selectors.holders_by_lot(agreement)
    lots = {lot.number: lot for lot in agreement.lots.all()}
    for tender_lot, ranked in awards.items():
        if tender_lot.number not in lots:
            _take_lot(agreement, tender_lot, ranked)
    ranked_in = {tender_lot.number: ranked for tender_lot, ranked in awards.items()}
    for number, lot in lots.items():
        if before[number] != [award.bidder_id for award in ranked_in.get(number, [])]:
            _take_holders(lot, ranked_in.get(number, []))
    after = selectors.holders_by_lot(agreement)
    if after != before:
        journal.record(
            by=by,
            action="framework_agreements.agreement_follow_awards",
            obj=agreement,
            at=at,
            before={"holders": before},
            after={"holders": after},
            organisation=tender.buyer,
        )
    return agreement


def _awards_by_lot(tender) -> dict:
    """Each lot with its decided awards in force, the best ranked first."""
    awards = Award.objects.filter(lot__tender=tender, decided_at__isnull=False).select_related(
        "lot", "bidder"
    )
    by_lot: dict = {}
    for award in awards.order_by("lot__number", "rank"):
        by_lot.setdefault(award.lot, []).append(award)
    return by_lot


def _check(tender, by):
    if by is not None and not rules.can_record_agreement(by, tender.buyer):
        raise Refusal(
            _("Seuls l’administrateur d’accords-cadres et le signataire de l’organisation en enregistrent."),
            code="forbidden",
        )
    if tender.state != TenderState.AWARDED:
        raise Refusal(
            _(
                "La consultation n’est pas attribuée : décidez l’attribution avant d’en faire un"
                " accord-cadre."
            ),
            code="too_early",
        )


def _draft(tender, at) -> FrameworkAgreement:
    return FrameworkAgreement.objects.create(
        tender=tender,
        buyer=tender.buyer,
        reference=f"AC-{tender.reference}",
        title=tender.title,
        description=tender.description,
        source_note=_("Repris de l’attribution de la consultation %(reference)s.")
        % {"reference": tender.reference},
        notice_date=timezone.localdate(tender.published_at),
        estimated_excl_tax=tender.estimated_value_excl_tax,
        maximum_excl_tax=tender.maximum_value_excl_tax,
        firm_months=tender.duration_months or 48,
        duration_reason=tender.duration_justification,
        created_at=at,
    )


def _take_lot(agreement, tender_lot, awards):
    lot = AgreementLot.objects.create(agreement=agreement, number=tender_lot.number, title=tender_lot.title)
    for line in tender_lot.price_lines.order_by("position", "id"):
        _take_unit(lot, line)
    _take_holders(lot, awards)


def _take_holders(lot, awards):
    """The holders of a lot and their prices, in the place of those it had."""
    lot.holders.all().delete()
    lot.allocation_rule = AllocationRule.SINGLE if len(awards) == 1 else AllocationRule.CASCADE
    lot.save(update_fields=["allocation_rule"])
    units = {unit.code: unit for unit in lot.work_units.all()}
    for rank, award in enumerate(awards, start=1):
        holder = Holder.objects.create(lot=lot, organisation=award.bidder, rank=rank)
        prices = award_prices(award)
        UnitPrice.objects.bulk_create(
            UnitPrice(holder=holder, work_unit=units[code], unit_price_excl_tax=price)
            for code, price in prices.items()
            if code in units
        )


def _take_unit(lot, line) -> WorkUnit:
    entry = catalogue.find(line.code)
    if entry is not None:
        return work_unit_from_entry(lot, entry, line.position, price_places=line.price_places)
    return WorkUnit.objects.create(
        lot=lot,
        code=line.code,
        title=line.label,
        unit_label=line.unit,
        position=line.position,
        price_places=line.price_places,
    )
