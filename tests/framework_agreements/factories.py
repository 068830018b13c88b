"""Plain functions that make agreements and orders for tests, through the services."""

import itertools
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from foundation.accounts.enums import Role
from foundation.accounts.models import User
from foundation.clock import now
from foundation.errors import Refusal
from framework_agreements import selectors, services
from framework_agreements.models import (
    AgreementLot,
    Beneficiary,
    FrameworkAgreement,
    Holder,
    PurchaseOrder,
    WorkUnit,
)
from tests.accounts.factories import make_buyer_org, make_member, make_supplier_org

_numbers = itertools.count(1)


@dataclass
class World:
    """A running agreement, its lot 2 and the people around it; every unit costs `unit_price`."""

    agreement: FrameworkAgreement
    lot: AgreementLot
    holder: Holder
    beneficiary: Beneficiary
    admin: User
    buyer: User
    prescriber: User
    product_owner: User
    signatory: User
    supplier: User
    at: datetime
    others: list[Beneficiary] = field(default_factory=list)

    def unit(self, code: str = "UO-L2.2.2") -> WorkUnit:
        return self.lot.work_units.get(code=code)

    def line(self, code: str = "UO-L2.2.2", quantity="1", planned_days=None) -> services.LineDraft:
        return services.LineDraft(self.unit(code), Decimal(quantity), planned_days)


def make_draft_agreement(
    admin,
    buyer_org,
    *,
    maximum="1000000",
    beneficiaries=(),
    lot_maximum=None,
    unit_price="1000",
    holders=1,
    rule="single",
    at=None,
    **fields,
) -> FrameworkAgreement:
    """A draft with the units of lot 2, `holders` firms at `unit_price`, and these (organisation, ceiling)."""
    at = at or now()
    fields.setdefault("reference", f"AC-TEST-{next(_numbers)}")
    fields.setdefault("title", "Accord-cadre de test")
    fields.setdefault("firm_months", 48)
    agreement = services.agreement_create(
        buyer=buyer_org, maximum_excl_tax=maximum and Decimal(maximum), by=admin, at=at, **fields
    )
    lot = services.lot_add(
        agreement=agreement,
        number=2,
        title="Startups",
        maximum_excl_tax=lot_maximum and Decimal(lot_maximum),
        allocation_rule=rule,
        by=admin,
        at=at,
    )
    services.catalogue_load(lot=lot, lot_number=2, by=admin, at=at)
    for rank in range(1, holders + 1):
        holder = services.holder_add(lot=lot, organisation=make_supplier_org(), rank=rank, by=admin, at=at)
        prices = {unit: Decimal(unit_price) for unit in lot.work_units.all()}
        services.prices_set(holder=holder, prices=prices, by=admin, at=at)
    for organisation, ceiling in beneficiaries:
        services.beneficiary_add(
            agreement=agreement,
            organisation=organisation,
            ceiling_excl_tax=ceiling and Decimal(ceiling),
            by=admin,
            at=at,
        )
    return agreement


def make_world(*, ceiling=None, other_ceilings=(), started_days_ago=10, at=None, **options) -> World:
    """A running agreement with one beneficiary (its buyer's neighbour) and `other_ceilings` more."""
    at = at or now()
    buyer_org, own = make_buyer_org(), make_buyer_org()
    admin = make_member(buyer_org, Role.FRAMEWORK_ADMIN)
    neighbours = [(make_buyer_org(), other) for other in other_ceilings]
    agreement = make_draft_agreement(
        admin, buyer_org, beneficiaries=[(own, ceiling), *neighbours], at=at, **options
    )
    served_at = at - timedelta(days=started_days_ago)
    agreement = services.agreement_activate(agreement=agreement, served_at=served_at, by=admin, at=at)
    lot = agreement.lots.get()
    holder = lot.holders.get(rank=1)
    return World(
        agreement=agreement,
        lot=lot,
        holder=holder,
        beneficiary=agreement.beneficiaries.get(organisation=own),
        admin=admin,
        buyer=make_member(own, Role.BUYER),
        prescriber=make_member(own, Role.PRESCRIBER),
        product_owner=make_member(own, Role.PRODUCT_OWNER),
        signatory=make_member(own, Role.SIGNATORY),
        supplier=make_member(holder.organisation, Role.SUPPLIER),
        at=at,
        others=[
            agreement.beneficiaries.get(organisation=organisation) for organisation, _ceiling in neighbours
        ],
    )


def make_order(world: World, *, lines=None, beneficiary=None, by=None, at=None, **fields) -> PurchaseOrder:
    """A draft of one development unit, or of these `LineDraft`."""
    fields.setdefault("title", "Construction d’un service")
    return services.order_create(
        lot=world.lot,
        holder=fields.pop("holder", world.holder),
        beneficiary=beneficiary or world.beneficiary,
        lines=lines if lines is not None else [world.line()],
        by=by or world.buyer,
        at=at or world.at,
        **fields,
    )


def make_issued_order(world: World, **fields) -> PurchaseOrder:
    """The same, issued by the beneficiary's buyer."""
    order = make_order(world, **fields)
    return services.order_issue(order=order, by=world.buyer, at=fields.get("at") or world.at)


def make_running_order(world: World, **fields) -> PurchaseOrder:
    """The same, acknowledged by the holder."""
    order = make_issued_order(world, **fields)
    return services.order_acknowledge(order=order, by=world.supplier, at=world.at)


def refusal_of(call) -> Refusal:
    """The refusal that this call raises."""
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value


def consumed(world) -> list[Decimal]:
    """What the agreement's, the lot's and the beneficiary's counters say."""
    order = PurchaseOrder(agreement=world.agreement, lot=world.lot, beneficiary=world.beneficiary)
    return [row["before_excl_tax"] for row in selectors.ceilings_around(order)]
