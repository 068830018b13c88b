"""Two product owners' windows sign the same record: one progress entry, and a clear answer to the other."""

import threading

import pytest
from django.db import connection

from foundation.errors import Refusal
from framework_agreements.models import OrderLine, ProgressEntry
from startups import services
from startups.models import AcceptanceRecord, Iteration
from startups.services import acceptance, iterations
from tests.owner import as_owner
from tests.startups.factories import make_delivery, make_demonstrated, make_iteration

pytestmark = pytest.mark.django_db(transaction=True)


def together(*calls) -> list[str]:
    """Run the calls at once, each on its own connection; what each ended in."""
    barrier = threading.Barrier(len(calls))
    endings = []

    def run(call):
        try:
            barrier.wait(timeout=20)
            call()
            endings.append("done")
        except Refusal as refusal:
            endings.append(refusal.code)
        except Exception as error:
            endings.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(endings)


def sign(delivery, iteration):
    return lambda: services.iteration_decide(
        iteration=iteration,
        decision="accepted",
        signature=True,
        by=delivery.product_owner,
        at=delivery.world.at,
    )


def unlocked(iteration):
    """The row as it is read without a lock: the negative control. Both read before either writes."""
    found = Iteration.objects.select_related(
        "startup__organisation",
        "startup__incubator",
        "startup__product_owner",
        "order__agreement",
        "order__lot",
        "order__holder__organisation",
    ).get(pk=iteration.pk)
    unlocked.barrier.wait(timeout=20)
    return found


def test_signed_twice_at_once_pays_once():
    delivery = make_delivery()
    iteration = make_demonstrated(delivery)
    assert together(sign(delivery, iteration), sign(delivery, iteration)) == ["conflict", "done"]
    assert AcceptanceRecord.objects.count() == ProgressEntry.objects.count() == 1
    assert OrderLine.objects.get(order=delivery.order).done_days == 5


def test_without_the_lock_the_second_signature_is_not_refused_in_words(monkeypatch):
    delivery = make_delivery()
    iteration = make_demonstrated(delivery)
    unlocked.barrier = threading.Barrier(2)
    monkeypatch.setattr(acceptance, "locked_iteration", unlocked)
    assert together(sign(delivery, iteration), sign(delivery, iteration)) != ["conflict", "done"]


def test_without_the_lock_and_the_constraint_it_would_pay_twice(monkeypatch):
    delivery = make_delivery()
    iteration = make_demonstrated(delivery)
    unlocked.barrier = threading.Barrier(2)
    monkeypatch.setattr(acceptance, "locked_iteration", unlocked)
    constraint = next(
        c for c in AcceptanceRecord._meta.constraints if c.name == "record_one_final_per_iteration"
    )
    with as_owner(), connection.schema_editor() as editor:
        editor.remove_constraint(AcceptanceRecord, constraint)
    try:
        assert together(sign(delivery, iteration), sign(delivery, iteration)) == ["done", "done"]
        assert ProgressEntry.objects.count() == 2
    finally:
        with as_owner():
            AcceptanceRecord.objects.order_by("-pk").first().delete()
        with as_owner(), connection.schema_editor() as editor:
            editor.add_constraint(AcceptanceRecord, constraint)


def test_planned_twice_at_once_leaves_one_iteration_and_no_hole():
    delivery = make_delivery()
    plan = lambda: make_iteration(delivery)  # noqa: E731
    endings = together(plan, plan)
    assert endings == ["done", "invalid"]
    assert list(Iteration.objects.values_list("number", flat=True)) == [1]


def test_without_the_lock_the_database_still_refuses_the_overlap(monkeypatch):
    delivery = make_delivery()
    barrier = threading.Barrier(2)
    monkeypatch.setattr(iterations, "locked_startup", lambda startup: startup)
    monkeypatch.setattr(iterations, "_reasons_of_overlap", lambda *args: [barrier.wait(timeout=20), []][1])
    plan = lambda: make_iteration(delivery)  # noqa: E731
    assert together(plan, plan) == ["IntegrityError", "done"]
    assert Iteration.objects.count() == 1
