"""Orders from their issue to their end, ceilings, days, with their refusals."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foundation.documents.models import Document
from foundation.errors import Refusal
from foundation.journal.models import Entry
from foundation.notifications.models import Notification
from framework_agreements import selectors, services
from framework_agreements.enums import OrderState
from framework_agreements.models import Ceiling, ConsumptionEntry, PurchaseOrder
from tests.accounts.factories import make_member
from tests.framework_agreements.factories import (
    consumed,
    make_issued_order,
    make_order,
    make_running_order,
    make_world,
    refusal_of,
)

pytestmark = pytest.mark.django_db


def test_issue_numbers_consumes_prints_tells_and_records():
    world = make_world(unit_price="1234.56")
    order = make_issued_order(world)
    assert (order.state, order.number, order.label) == (OrderState.ISSUED, 1, "BC-0001")
    assert consumed(world) == [Decimal("1234.56")] * 3
    document = Document.objects.get(kind="framework_agreements.purchase_order")
    assert document.facts["total_excl_tax"] == "1234.56"
    assert document.facts["lines"][0]["code"] == "UO-L2.2.2"
    assert Notification.objects.filter(
        recipient=world.supplier, kind="framework_agreements.order_issued"
    ).exists()
    assert Entry.objects.filter(action="framework_agreements.order_issue", actor=world.buyer).count() == 1


def test_issue_asked_again_gives_the_same_order():
    """C3: one number, one consumption, one document, whatever the number of requests."""
    world = make_world()
    order = make_order(world)
    numbers = {services.order_issue(order=order, by=world.buyer, at=world.at).number for _ in range(50)}
    assert numbers == {1}
    assert ConsumptionEntry.objects.count() == 3
    assert Document.objects.count() == 1
    assert Entry.objects.filter(action="framework_agreements.order_issue").count() == 1


def test_prescribers_do_not_issue():
    world = make_world()
    order = make_order(world)
    for user in (world.prescriber, world.product_owner, world.supplier):
        assert (
            refusal_of(lambda user=user: services.order_issue(order=order, by=user, at=world.at)).code
            == "forbidden"
        )
    assert services.order_issue(order=order, by=world.admin, at=world.at).number == 1


def test_an_order_without_line_is_not_issued():
    world = make_world()
    refusal = refusal_of(
        lambda: services.order_issue(order=make_order(world, lines=[]), by=world.buyer, at=world.at)
    )
    assert "R2162-13" in str(refusal)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(-1, None), (0, "too_late"), (1, "too_late")],
    ids=["last second", "end", "end + 1 s"],
)
def test_orders_are_issued_until_the_last_second_of_validity(seconds, code):
    """C4: the last second of the last day (French time) is in time, the next one is late (R2162-5)."""
    world = make_world(at=timezone.make_aware(datetime(2026, 3, 1, 12)))
    order = make_order(world)
    at = world.agreement.valid_until + timedelta(seconds=seconds)
    if code is None:
        assert services.order_issue(order=order, by=world.buyer, at=at).number == 1
        return
    refusal = refusal_of(lambda: services.order_issue(order=order, by=world.buyer, at=at))
    assert refusal.code == code
    assert "R2162-5" in str(refusal)
    assert consumed(world) == [0, 0, 0]


def test_no_order_before_the_agreement_is_served():
    world = make_world()
    order = make_order(world)
    before = world.agreement.served_at - timedelta(seconds=1)
    assert (
        refusal_of(lambda: services.order_issue(order=order, by=world.buyer, at=before)).code == "too_early"
    )


def test_no_order_once_the_agreement_is_ended():
    world = make_world()
    order = make_order(world)
    services.agreement_end(agreement=world.agreement, reason="Résiliation", by=world.admin, at=world.at)
    assert (
        refusal_of(lambda: services.order_issue(order=order, by=world.buyer, at=world.at)).code == "too_late"
    )


@pytest.mark.parametrize("scope", ["maximum", "lot_maximum", "ceiling"])
def test_each_ceiling_refuses_with_what_is_left(scope):
    """C2: the agreement's, the lot's and the beneficiary's own ceiling, to the cent."""
    world = make_world(**{"maximum": "1000000", scope: "2999.99"})
    first, second, third = (make_order(world) for _ in range(3))
    for order in (first, second):
        services.order_issue(order=order, by=world.buyer, at=world.at)
    refusal = refusal_of(lambda: services.order_issue(order=third, by=world.buyer, at=world.at))
    assert refusal.code == "ceiling"
    assert len(refusal.reasons) == 1
    assert "999,99" in str(refusal)
    third.refresh_from_db()
    assert (third.state, third.number) == (OrderState.DRAFT, None)
    assert consumed(world) == [2000, 2000, 2000]


def test_a_ceiling_is_filled_to_the_last_cent():
    world = make_world(maximum="3000.00")
    for _ in range(3):
        make_issued_order(world)
    assert consumed(world) == [3000, 3000, 3000]


def test_one_beneficiary_at_its_ceiling_does_not_stop_another():
    world = make_world(ceiling="1000", other_ceilings=["1000"])
    make_issued_order(world)
    neighbour = make_member(world.others[0].organisation, "buyer")
    order = make_order(world, beneficiary=world.others[0], by=neighbour)
    assert services.order_issue(order=order, by=neighbour, at=world.at).number == 2


# --- after the issue


def test_acknowledged_by_the_holder_then_closed():
    world = make_world()
    order = make_issued_order(world)
    assert (
        refusal_of(lambda: services.order_acknowledge(order=order, by=world.buyer, at=world.at)).code
        == "forbidden"
    )
    assert (
        refusal_of(lambda: services.order_complete(order=order, by=world.buyer, at=world.at)).code
        == "conflict"
    )
    order = services.order_acknowledge(order=order, by=world.supplier, at=world.at)
    assert Notification.objects.filter(recipient=world.buyer).count() == 1
    order = services.order_complete(order=order, by=world.product_owner, at=world.at)
    assert order.state == OrderState.COMPLETED


def test_a_draft_is_given_up_with_a_reason_an_issued_order_is_not():
    world = make_world()
    draft, issued = make_order(world), make_issued_order(world)
    assert (
        refusal_of(lambda: services.order_cancel(order=draft, reason=" ", by=world.buyer, at=world.at))
        .reasons[0]
        .field
        == "reason"
    )
    services.order_cancel(order=draft, reason="Besoin couvert autrement", by=world.prescriber, at=world.at)
    refusal = refusal_of(
        lambda: services.order_cancel(order=issued, reason="Non", by=world.buyer, at=world.at)
    )
    assert refusal.code == "conflict"


def test_progress_moves_the_days_of_the_line_and_of_the_order():
    world = make_world()
    order = make_running_order(world, lines=[world.line(), world.line("UO-L2.2.1")])
    line = order.lines.first()
    for days, activity in [("12.5", "Développement"), ("3", "Tests utilisateurs"), ("-1.5", "Développement")]:
        services.order_record_progress(
            line=line,
            days=Decimal(days),
            activity=activity,
            source_label="PV 1",
            by=world.product_owner,
            at=world.at,
        )
    line.refresh_from_db()
    assert (line.done_days, line.remaining_days) == (14, 46)
    progress = selectors.progress_of_orders([order.pk])
    assert progress == {"planned_days": 65, "done_days": 14, "remaining_days": 51}
    activities = {row["activity"]: row["days"] for row in selectors.activities_of([order.pk])}
    assert activities == {"Développement": 11, "Tests utilisateurs": 3}


@pytest.mark.parametrize(
    ("days", "activity", "field"), [("0", "Dev", "days"), ("1", " ", "activity"), ("-1", "Dev", "days")]
)
def test_progress_refusals(days, activity, field):
    world = make_world()
    line = make_issued_order(world).lines.get()
    refusal = refusal_of(
        lambda: services.order_record_progress(
            line=line, days=Decimal(days), activity=activity, source_label="", by=world.buyer, at=world.at
        )
    )
    assert refusal.reasons[0].field == field


def test_no_progress_on_a_draft():
    world = make_world()
    line = make_order(world).lines.get()
    refusal = refusal_of(
        lambda: services.order_record_progress(
            line=line, days=Decimal(1), activity="Dev", source_label="", by=world.buyer, at=world.at
        )
    )
    assert refusal.code == "conflict"


# --- the ledger


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    price=st.decimals("0.01", "99999.99", places=2),
    limit=st.decimals("0.01", "500000", places=2),
    quantities=st.lists(st.decimals("0.01", "9.99", places=2), min_size=1, max_size=6),
)
def test_ledger_equals_lines_and_never_passes_the_ceiling(price, limit, quantities):
    """C6: for any price, ceiling and quantities, to the cent."""
    world = make_world(maximum=str(limit), unit_price=str(price))
    issued = Decimal(0)
    for quantity in quantities:
        try:
            issued += make_issued_order(world, lines=[world.line(quantity=str(quantity))]).total_excl_tax
        except Refusal as refusal:
            # A line worth less than half a cent is worth nothing: there is nothing to order.
            assert refusal.code in {"ceiling", "invalid"}
    lines = sum(
        line.amount_excl_tax
        for order in PurchaseOrder.objects.filter(agreement=world.agreement, number__isnull=False)
        for line in order.lines.all()
    )
    for ceiling in Ceiling.objects.filter(agreement=world.agreement):
        ledger = sum(entry.amount_excl_tax for entry in ceiling.entries.all())
        assert ceiling.consumed_excl_tax == ledger == lines == issued
    assert issued <= limit
