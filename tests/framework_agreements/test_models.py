"""What PostgreSQL refuses, whoever asks."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, InternalError, connection, transaction
from django.db.models import F

from framework_agreements import services
from framework_agreements.enums import CeilingScope
from framework_agreements.models import (
    Beneficiary,
    Ceiling,
    ConsumptionEntry,
    FrameworkAgreement,
    OrderLine,
    PurchaseOrder,
)
from framework_agreements.models.agreements import last_day_of_period
from tests.accounts.factories import make_buyer_org
from tests.framework_agreements.factories import make_issued_order, make_order, make_world
from tests.owner import as_owner

pytestmark = pytest.mark.django_db


def refused(call, error=DatabaseError):
    """By the database, even to the owner of the tables."""
    with as_owner(), pytest.raises(error), transaction.atomic():
        call()


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2016, 9, 15), 12, date(2017, 9, 14)),
        (date(2024, 2, 29), 12, date(2025, 2, 27)),
        (date(2025, 8, 31), 6, date(2026, 2, 27)),
        (date(2025, 1, 1), 48, date(2028, 12, 31)),
    ],
)
def test_last_day_of_a_period(start, months, end):
    assert last_day_of_period(start, months) == end


def test_an_agreement_of_today_cannot_run_without_a_maximum():
    world = make_world()
    refused(lambda: FrameworkAgreement.objects.update(maximum_excl_tax=None), IntegrityError)
    assert world.agreement.maximum_excl_tax is not None


def test_an_agreement_cannot_last_more_than_four_years_without_a_reason():
    make_world()
    refused(lambda: FrameworkAgreement.objects.update(renewal_count=1), IntegrityError)
    FrameworkAgreement.objects.update(renewal_count=1, duration_reason="Investissements longs")


def test_the_list_of_beneficiaries_closes_when_the_agreement_runs():
    world = make_world()
    refused(lambda: Beneficiary.objects.create(agreement=world.agreement, organisation=make_buyer_org()))


def test_a_consumption_above_its_ceiling_is_refused():
    world = make_world(maximum="1000")
    order = make_order(world)
    ceiling = Ceiling.objects.get(agreement=world.agreement, scope=CeilingScope.AGREEMENT)
    excess = ConsumptionEntry(ceiling=ceiling, order=order, amount_excl_tax=Decimal("1000.01"), at=world.at)
    refused(excess.save, IntegrityError)
    ConsumptionEntry.objects.create(ceiling=ceiling, order=order, amount_excl_tax=Decimal(1000), at=world.at)
    ceiling.refresh_from_db()
    assert ceiling.consumed_excl_tax == 1000


def test_the_counter_is_moved_by_its_ledger_only():
    make_world()
    refused(lambda: Ceiling.objects.update(consumed_excl_tax=F("consumed_excl_tax") + 1), InternalError)


def test_the_ledger_is_append_only():
    world = make_world()
    make_issued_order(world)
    refused(lambda: ConsumptionEntry.objects.update(amount_excl_tax=1), InternalError)
    refused(ConsumptionEntry.objects.all().delete, InternalError)


def test_an_issued_order_and_its_lines_no_longer_change():
    world = make_world()
    order = make_issued_order(world)
    refused(lambda: PurchaseOrder.objects.update(total_excl_tax=1), InternalError)
    refused(lambda: PurchaseOrder.objects.update(number=7), InternalError)
    refused(lambda: OrderLine.objects.update(quantity=2, amount_excl_tax=2000))
    refused(order.lines.all().delete)
    order.lines.update(done_days=3)


def test_a_line_is_worth_its_quantity_times_its_price():
    world = make_world()
    make_order(world)
    refused(lambda: OrderLine.objects.update(amount_excl_tax=999), IntegrityError)


def test_an_order_is_issued_for_the_sum_of_its_lines():
    world = make_world()
    order = make_order(world)
    facts = {"state": "issued", "number": 1, "issued_at": world.at, "issued_by": world.buyer}
    refused(lambda: PurchaseOrder.objects.filter(pk=order.pk).update(total_excl_tax=999, **facts))


def test_the_state_machine_is_kept_by_the_database():
    world = make_world()
    order = make_issued_order(world)
    refused(lambda: PurchaseOrder.objects.filter(pk=order.pk).update(state="draft"))
    refused(
        lambda: PurchaseOrder.objects.filter(pk=order.pk).update(state="completed", completed_at=world.at)
    )


def test_two_orders_cannot_have_the_same_number():
    world = make_world()
    make_issued_order(world)
    other = make_order(world)
    facts = {"state": "issued", "issued_at": world.at, "issued_by": world.buyer}
    refused(lambda: PurchaseOrder.objects.filter(pk=other.pk).update(number=1, **facts), IntegrityError)


def test_progress_is_append_only():
    world = make_world()
    line = make_issued_order(world).lines.get()
    entry = services.order_record_progress(
        line=line, days=Decimal(2), activity="Développement", source_label="PV 1", by=world.buyer, at=world.at
    )
    refused(entry.delete, InternalError)


def test_no_trigger_is_missing_in_the_database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'pgtrigger_%'")
        names = " ".join(name for (name,) in cursor.fetchall())
    for name in ("moves_ceiling", "moved_by_ledger_only", "closed_list", "issued_is_frozen"):
        assert name in names
