"""Ceilings under concurrency, with real threads, and what happens when a guard is taken away."""

import random
import threading
import time
from contextlib import contextmanager

import pytest
from django.db import close_old_connections, connection, transaction
from django.test.utils import CaptureQueriesContext

from foundation.errors import Refusal
from framework_agreements import services
from framework_agreements.enums import CeilingScope
from framework_agreements.models import Ceiling, ConsumptionEntry, PurchaseOrder
from framework_agreements.services import ceilings
from tests.framework_agreements.factories import make_order, make_world
from tests.owner import as_owner, behind_the_triggers

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS = 8


def in_threads(calls) -> list:
    """Run each call in its own thread, all let go together; results or exceptions, in order."""
    results = [None] * len(calls)
    gate = threading.Barrier(len(calls))

    def run(index, call):
        close_old_connections()
        gate.wait()
        try:
            results[index] = call()
        except Exception as error:  # the test judges it
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def issue_all(world, orders) -> list:
    return in_threads(
        [
            lambda order=order: services.order_issue(order=order, by=world.buyer, at=world.at)
            for order in orders
        ]
    )


def issued(world) -> int:
    return PurchaseOrder.objects.filter(agreement=world.agreement, number__isnull=False).count()


@contextmanager
def without_locks(monkeypatch):
    """The service reads the counters as they are and lets the others read them too, before it writes."""

    def unlocked(order):
        found = list(ceilings.ceilings_of(order))
        time.sleep(0.3)
        return found

    with monkeypatch.context() as patched:
        patched.setattr(ceilings, "ceilings_locked", unlocked)
        yield


@contextmanager
def without_constraint():
    """The database forgets that a counter may not pass its limit, and that a number is given once."""
    drops = [
        "ALTER TABLE framework_agreements_ceiling DROP CONSTRAINT ceiling_never_exceeded",
        "ALTER TABLE framework_agreements_purchaseorder DROP CONSTRAINT order_number_unique",
    ]
    with as_owner(), connection.cursor() as cursor:
        for drop in drops:
            cursor.execute(drop)
    try:
        yield
    finally:
        with behind_the_triggers(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM framework_agreements_consumptionentry")
            cursor.execute("DELETE FROM framework_agreements_ceiling")
            cursor.execute("DELETE FROM framework_agreements_orderline")
            cursor.execute("DELETE FROM framework_agreements_purchaseorder")
        with as_owner(), connection.schema_editor() as editor:
            by_name = {c.name: c for m in (Ceiling, PurchaseOrder) for c in m._meta.constraints}
            editor.add_constraint(Ceiling, by_name["ceiling_never_exceeded"])
            editor.add_constraint(PurchaseOrder, by_name["order_number_unique"])


def test_exactly_as_many_orders_as_the_maximum_holds():
    """C1: 24 orders at once for 10 units: exactly 10 are issued, numbered 1 to 10, in every round."""
    for _round in range(2):
        world = make_world(maximum="10000.00")
        orders = [make_order(world) for _ in range(24)]
        results = [
            result
            for start in range(0, 24, WRITERS)
            for result in issue_all(world, orders[start : start + WRITERS])
        ]
        refused = [result for result in results if isinstance(result, Refusal)]
        assert issued(world) == 10
        assert {refusal.code for refusal in refused} == {"ceiling"}
        assert len(refused) == 14
        numbers = PurchaseOrder.objects.filter(agreement=world.agreement, number__isnull=False)
        assert sorted(numbers.values_list("number", flat=True)) == list(range(1, 11))
        for ceiling in Ceiling.objects.filter(agreement=world.agreement):
            assert ceiling.consumed_excl_tax == 10000 == sum(e.amount_excl_tax for e in ceiling.entries.all())


def test_without_locks_nor_constraint_the_maximum_is_oversold(monkeypatch):
    """C1, negative control: the race is real, and the guards are what stops it."""
    world = make_world(maximum="1000.00")
    orders = [make_order(world) for _ in range(WRITERS)]
    with without_constraint():
        with without_locks(monkeypatch):
            issue_all(world, orders)
        assert issued(world) > 1
        assert (
            Ceiling.objects.get(agreement=world.agreement, scope=CeilingScope.AGREEMENT).consumed_excl_tax
            > 1000
        )


def test_without_locks_the_database_still_refuses(monkeypatch):
    """C1, the last guard: without locks PostgreSQL alone keeps the maximum, and it is said in words."""
    world = make_world(maximum="1000.00")
    orders = [make_order(world) for _ in range(WRITERS)]
    with without_locks(monkeypatch):
        results = issue_all(world, orders)
    assert issued(world) == 1
    refusals = [result for result in results if isinstance(result, Refusal)]
    assert refusals
    assert {refusal.code for refusal in refusals} == {"ceiling"}


def test_each_beneficiary_and_the_lot_keep_their_own_ceiling():
    """C2: two beneficiaries at 3 and 4 units under a lot of 6: 6 are reached, never more."""
    world = make_world(ceiling="3000", other_ceilings=["4000"], lot_maximum="6000")
    drafts = []
    for beneficiary in (world.beneficiary, *world.others):
        buyer = world.buyer if beneficiary == world.beneficiary else _buyer_of(beneficiary)
        drafts += [(make_order(world, beneficiary=beneficiary, by=buyer), buyer) for _ in range(8)]
    random.Random(7).shuffle(drafts)  # noqa: S311
    calls = [lambda o=o, b=b: services.order_issue(order=o, by=b, at=world.at) for o, b in drafts]
    for start in range(0, len(calls), WRITERS):
        in_threads(calls[start : start + WRITERS])
    consumed = {
        (c.scope, c.beneficiary_id): c.consumed_excl_tax
        for c in Ceiling.objects.filter(agreement=world.agreement)
    }
    own = consumed[CeilingScope.BENEFICIARY, world.beneficiary.pk]
    neighbour = consumed[CeilingScope.BENEFICIARY, world.others[0].pk]
    assert own <= 3000
    assert neighbour <= 4000
    assert (
        own + neighbour == consumed[CeilingScope.LOT, None] == consumed[CeilingScope.AGREEMENT, None] == 6000
    )


def _buyer_of(beneficiary):
    from tests.accounts.factories import make_member

    return make_member(beneficiary.organisation, "buyer")


def test_one_order_issued_by_many_has_one_number_and_one_consumption():
    """C3: the same request, eight times at once."""
    world = make_world()
    order = make_order(world)
    results = issue_all(world, [order] * WRITERS)
    assert {result.number for result in results} == {1}
    assert ConsumptionEntry.objects.count() == 3


def test_one_draft_asked_by_many_with_the_same_key_is_one():
    """C3: the same draft, eight times at once."""
    world = make_world()
    results = in_threads([lambda: make_order(world, key="deux-clics") for _ in range(WRITERS)])
    assert len({result.pk for result in results}) == 1
    assert PurchaseOrder.objects.count() == 1
    assert PurchaseOrder.objects.get().lines.count() == 1


def test_counters_are_locked_in_one_order_so_nobody_waits_in_a_circle():
    """C5: a storm over two beneficiaries: no deadlock, nobody waits beyond `lock_timeout`."""
    world = make_world(other_ceilings=[None])
    neighbour = _buyer_of(world.others[0])
    calls = []
    for number in range(24):
        beneficiary, buyer = [(world.beneficiary, world.buyer), (world.others[0], neighbour)][number % 2]
        order = make_order(world, beneficiary=beneficiary, by=buyer)
        calls.append(lambda o=order, b=buyer: services.order_issue(order=o, by=b, at=world.at))
    results = [r for start in range(0, 24, WRITERS) for r in in_threads(calls[start : start + WRITERS])]
    assert [r for r in results if isinstance(r, Exception)] == []
    assert issued(world) == 24


def test_the_lock_query_takes_agreement_then_lot_then_beneficiary():
    """C5: the order of the locks is the order of the scopes, whatever the ids."""
    world = make_world()
    order = make_order(world)
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        scopes = [ceiling.scope for ceiling in ceilings.ceilings_locked(order)]
    assert scopes == [CeilingScope.AGREEMENT, CeilingScope.LOT, CeilingScope.BENEFICIARY]
    (lock,) = [query["sql"] for query in queries if "FOR NO KEY UPDATE" in query["sql"]]
    assert lock.index('ORDER BY "framework_agreements_ceiling"."scope"') < lock.index("FOR NO KEY UPDATE")
