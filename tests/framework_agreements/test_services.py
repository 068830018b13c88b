"""Drafting orders, act by act, with their refusals."""

from decimal import Decimal

import pytest

from framework_agreements import selectors, services
from framework_agreements.enums import OrderState
from framework_agreements.models import PurchaseOrder
from tests.accounts.factories import make_member
from tests.framework_agreements.factories import (
    make_issued_order,
    make_order,
    make_world,
    refusal_of,
)

pytestmark = pytest.mark.django_db


def test_a_draft_prices_its_lines_and_plans_their_days():
    world = make_world(unit_price="31415.92")
    order = make_order(
        world, lines=[world.line(quantity="2"), world.line("UO-L2.1.2", planned_days=Decimal(38))]
    )
    first, second = order.lines.all()
    assert (first.amount_excl_tax, first.planned_days) == (Decimal("62831.84"), 120)
    assert (second.amount_excl_tax, second.planned_days) == (Decimal("31415.92"), 38)
    assert order.total_excl_tax == Decimal("94247.76")
    assert order.number is None


def test_days_must_be_typed_when_the_text_gives_no_load():
    world = make_world()
    refusal = refusal_of(lambda: make_order(world, lines=[world.line(), world.line("UO-L2.1.2")]))
    assert [reason.field for reason in refusal.reasons] == ["lines.1.planned_days"]
    assert not PurchaseOrder.objects.exists()


def test_a_flat_rate_is_not_followed_in_days():
    world = make_world()
    assert make_order(world, lines=[world.line("UO-L2.3.4")]).lines.get().planned_days == 0


def test_a_quantity_of_zero_is_refused_beside_its_line():
    world = make_world()
    refusal = refusal_of(lambda: make_order(world, lines=[world.line(quantity="0")]))
    assert refusal.reasons[0].field == "lines.0.quantity"


def test_only_those_who_draft_for_the_beneficiary_draft():
    world = make_world(other_ceilings=[None])
    assert refusal_of(lambda: make_order(world, by=world.supplier)).code == "forbidden"
    assert refusal_of(lambda: make_order(world, by=world.signatory)).code == "forbidden"
    assert refusal_of(lambda: make_order(world, beneficiary=world.others[0])).code == "forbidden"
    assert make_order(world, by=world.product_owner).state == OrderState.DRAFT


def test_a_beneficiary_of_another_agreement_is_refused():
    world, other = make_world(), make_world()
    drafter = make_member(other.beneficiary.organisation, "buyer")
    refusal = refusal_of(lambda: make_order(world, beneficiary=other.beneficiary, by=drafter))
    assert "R2162-6" in str(refusal)


def test_a_holder_of_another_lot_is_refused():
    world, other = make_world(), make_world()
    refusal = refusal_of(lambda: make_order(world, holder=other.holder))
    assert refusal.reasons[0].field == "holder"


def test_out_of_turn_needs_a_reason():
    world = make_world(holders=2, rule="cascade")
    second = world.lot.holders.get(rank=2)
    refusal = refusal_of(lambda: make_order(world, holder=second))
    assert refusal.reasons[0].field == "holder_reason"
    assert "R2162-14" in str(refusal)
    order = make_order(world, holder=second, holder_reason="Le premier titulaire a décliné par écrit.")
    assert order.holder == second


def test_in_turn_designates_the_least_served():
    world = make_world(holders=2, rule="rotation")
    make_issued_order(world)
    assert selectors.designated_holder(world.lot).rank == 2


def test_an_order_far_above_the_maximum_is_refused_where_it_is_typed():
    world = make_world(maximum="5000")
    refusal = refusal_of(lambda: make_order(world, lines=[world.line(quantity="6")]))
    assert refusal.reasons[0].field == "lines.0.quantity"
    assert refusal.code == "ceiling"
    assert "5\u202f000" in str(refusal)
    assert "R2162-4" in str(refusal)
    assert "C-23/20" in str(refusal)


def test_a_draft_is_rewritten_and_a_line_added():
    world = make_world()
    order = make_order(world)
    services.order_update(
        order=order, lines=[world.line(quantity="3")], title="Autre objet", by=world.prescriber, at=world.at
    )
    order = services.order_add_line(order=order, line=world.line("UO-L2.2.1"), by=world.buyer, at=world.at)
    assert (order.title, order.total_excl_tax) == ("Autre objet", 4000)
    assert [line.position for line in order.lines.all()] == [1, 2]


def test_an_issued_order_is_not_rewritten():
    world = make_world()
    order = make_issued_order(world)
    refusal = refusal_of(
        lambda: services.order_update(order=order, lines=[], title="Autre", by=world.buyer, at=world.at)
    )
    assert refusal.code == "conflict"


def test_the_same_key_gives_the_same_draft():
    world = make_world()
    orders = {make_order(world, key="abc").pk for _ in range(5)}
    assert len(orders) == 1
    assert make_order(world, key="abc", by=world.prescriber).pk not in orders
