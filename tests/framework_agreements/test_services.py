"""Orders and agreements, act by act, with their refusals."""

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
from framework_agreements.enums import AgreementState, CeilingScope, OrderState
from framework_agreements.models import Ceiling, ConsumptionEntry, FrameworkAgreement, PurchaseOrder
from tests.accounts.factories import make_buyer_org, make_member
from tests.framework_agreements.factories import (
    make_draft_agreement,
    make_issued_order,
    make_order,
    make_running_order,
    make_world,
)

pytestmark = pytest.mark.django_db


def refusal_of(call) -> Refusal:
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value


def consumed(world) -> list[Decimal]:
    """What the agreement's, the lot's and the beneficiary's counters say."""
    order = PurchaseOrder(agreement=world.agreement, lot=world.lot, beneficiary=world.beneficiary)
    return [row["before_excl_tax"] for row in selectors.ceilings_around(order)]


# --- drafting


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


# --- issuing


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


# --- agreements


def test_activation_opens_the_ceilings_and_closes_the_list():
    world = make_world(lot_maximum="500", ceiling="300", other_ceilings=[None])
    limits = Ceiling.objects.filter(agreement=world.agreement).order_by("scope", "id")
    assert [c.limit_excl_tax for c in limits] == [1000000, 500, 300, None]
    refusal = refusal_of(
        lambda: services.beneficiary_add(
            agreement=world.agreement, organisation=make_buyer_org(), by=world.admin, at=world.at
        )
    )
    assert "R2162-6" in str(refusal)


def test_an_empty_draft_is_not_activated_and_every_reason_is_told():
    org = make_buyer_org()
    admin = make_member(org, "framework_admin")
    at = timezone.now()
    agreement = services.agreement_create(buyer=org, reference="AC-1", title="Vide", by=admin, at=at)
    refusal = refusal_of(
        lambda: services.agreement_activate(agreement=agreement, served_at=at, by=admin, at=at)
    )
    assert len(refusal.reasons) == 3
    assert "R2162-4" in str(refusal)
    assert "R2162-6" in str(refusal)


def test_an_agreement_noticed_before_2022_may_have_no_maximum():
    world = make_world(
        maximum=None, notice_date=datetime(2016, 5, 1).date(), at=timezone.make_aware(datetime(2016, 9, 25))
    )
    assert world.agreement.maximum_excl_tax is None
    make_issued_order(world)


def test_more_than_four_years_needs_a_reason():
    org = make_buyer_org()
    admin = make_member(org, "framework_admin")
    fields = {
        "buyer": org,
        "title": "Long",
        "firm_months": 48,
        "renewal_count": 1,
        "by": admin,
        "at": timezone.now(),
    }
    refusal = refusal_of(lambda: services.agreement_create(reference="AC-1", **fields))
    assert refusal.reasons[0].field == "firm_months"
    assert "L2125-1" in str(refusal)
    assert services.agreement_create(reference="AC-1", duration_reason="Amortissement", **fields).pk


def test_a_reference_is_given_once():
    world = make_world(reference="AC-UNIQUE")
    refusal = refusal_of(
        lambda: services.agreement_create(
            buyer=world.agreement.buyer, reference="AC-UNIQUE", title="Double", by=world.admin, at=world.at
        )
    )
    assert refusal.reasons[0].field == "reference"


def test_suppliers_and_beneficiaries_do_not_run_the_agreement():
    world = make_world()
    for user in (world.supplier, world.buyer, world.signatory):
        refusal = refusal_of(
            lambda user=user: services.agreement_end(
                agreement=world.agreement, reason="x", by=user, at=world.at
            )
        )
        assert refusal.code == "forbidden"


def test_renewals_prolong_until_all_are_done():
    world = make_world(firm_months=12, renewal_count=2, at=timezone.make_aware(datetime(2026, 3, 11, 12)))
    ends = []
    for _ in range(2):
        agreement = services.agreement_renew(agreement=world.agreement, by=world.admin, at=world.at)
        ends.append(agreement.end_date.isoformat())
    assert ends == ["2028-02-29", "2029-02-28"]
    refusal = refusal_of(
        lambda: services.agreement_renew(agreement=world.agreement, by=world.admin, at=world.at)
    )
    assert "R2112-4" in str(refusal)


def test_an_agreement_past_its_term_is_not_renewed():
    world = make_world(firm_months=12, renewal_count=1)
    late = world.agreement.valid_until
    assert (
        refusal_of(lambda: services.agreement_renew(agreement=world.agreement, by=world.admin, at=late)).code
        == "too_late"
    )


def test_duplicates_are_refused_with_a_sentence():
    org = make_buyer_org()
    admin = make_member(org, "framework_admin")
    agreement = make_draft_agreement(admin, org, beneficiaries=[(org, None)])
    lot, holder = agreement.lots.get(), agreement.lots.get().holders.get()
    at = timezone.now()
    calls = [
        lambda: services.lot_add(agreement=agreement, number=2, title="Bis", by=admin, at=at),
        lambda: services.holder_add(lot=lot, organisation=holder.organisation, rank=2, by=admin, at=at),
        lambda: services.beneficiary_add(agreement=agreement, organisation=org, by=admin, at=at),
    ]
    assert [refusal_of(call).code for call in calls] == ["conflict"] * 3
    assert services.catalogue_load(lot=lot, lot_number=2, by=admin, at=at) == 0
    assert FrameworkAgreement.objects.get().state == AgreementState.DRAFT


def test_counters_are_one_for_each_scope():
    world = make_world()
    scopes = list(Ceiling.objects.filter(agreement=world.agreement).values_list("scope", flat=True))
    assert sorted(scopes) == [CeilingScope.AGREEMENT, CeilingScope.LOT, CeilingScope.BENEFICIARY]
