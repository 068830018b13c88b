#!/usr/bin/env python
"""Orders issued per second by 8 writers, beside the same rows written by bare SQL in the same locks.

    .venv/bin/python benchmarks/orders.py

Starts services of its own. One agreement under a maximum, eight beneficiaries, one writer (process) each. The
bare transaction replays the very statements of a recorded issue with other identifiers, without Django.
Rounds are interleaved; what is reported is the median of the ratios, with their spread.
"""

import os
import statistics
import sys
import tempfile
import uuid
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.writers import seconds_together
from procurement.runtime.services import of_owner, throwaway_services

WRITERS, PER_WRITER, ROUNDS = 8, 20, 5
WRITES = ("INSERT", "UPDATE", "SELECT")


def prepare() -> None:
    """Settings and tables, on the services whose addresses are in the environment."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "procurement.settings.development"
    os.environ["JALON_HOME"] = tempfile.mkdtemp(prefix="jalon-bench-")
    os.environ["LOG_LEVEL"] = "ERROR"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def make_seats():
    """A running agreement with one drafter and issuer for each of the writers."""
    from foundation.accounts.enums import Role
    from tests.accounts.factories import make_member
    from tests.framework_agreements.factories import make_world

    world = make_world(maximum="99000000000", other_ceilings=[None] * (WRITERS - 1))
    others = [(seat, make_member(seat.organisation, Role.BUYER)) for seat in world.others]
    return world, [(world.beneficiary, world.buyer), *others]


def make_drafts(world, seats) -> list[list[int]]:
    """PER_WRITER drafts for each writer; making them is not measured."""
    from tests.framework_agreements.factories import make_order

    return [
        [make_order(world, beneficiary=seat, by=buyer).pk for _ in range(PER_WRITER)] for seat, buyer in seats
    ]


def issue_all(orders: list[int], buyer_id: int, gate) -> None:
    """One writer of the platform."""
    from foundation.accounts.models import User
    from foundation.clock import now
    from framework_agreements import services
    from framework_agreements.models import PurchaseOrder

    buyer = User.objects.get(pk=buyer_id)
    rows = list(PurchaseOrder.objects.filter(pk__in=orders))
    gate.wait()
    for order in rows:
        services.order_issue(order=order, by=buyer, at=now())


def replay_all(statements, orders: list[int], gate) -> None:
    """One bare writer: the recorded statements with each order's identifiers, in one transaction each."""
    import psycopg2
    from django.conf import settings

    database = settings.DATABASES["default"]
    options = {"dbname": database["NAME"], "user": database["USER"], "host": database["HOST"]}
    connection = psycopg2.connect(
        **options, port=database["PORT"] or None, password=database["PASSWORD"] or None
    )
    gate.wait()
    for order in orders:
        with connection, connection.cursor() as cursor:
            fresh = {statements["order"]: order, statements["document"]: uuid.uuid4()}
            for sql, params in statements["found"]:
                cursor.execute(sql, [_substitute(value, fresh, statements) for value in params])
                if "MAX(" in sql:
                    fresh["number"] = (cursor.fetchone()[0] or 0) + 1
    connection.close()


def _substitute(value, fresh, statements):
    """The value of a parameter for another order: its id, its number, its document."""
    if isinstance(value, list):
        return [_substitute(item, fresh, statements) for item in value]
    if isinstance(value, str):
        for known in (statements["order"], statements["document"]):
            value = value.replace(str(known), str(fresh[known]))
        return value
    if isinstance(value, int) and value == statements["number"] and "number" in fresh:
        return fresh["number"]
    if isinstance(value, uuid.UUID):
        return fresh.setdefault(value, uuid.uuid4())
    return fresh.get(value, value) if isinstance(value, int) else value


def record(world, seats) -> dict:
    """The statements of one issue, as PostgreSQL receives them."""
    from django.db import connection

    from foundation.clock import now
    from foundation.documents.models import Document
    from framework_agreements import services
    from tests.framework_agreements.factories import make_order

    found = []

    def keep(execute, sql, params, many, context):
        if sql.startswith(WRITES) and not many:
            found.append((sql, tuple(params or ())))
        return execute(sql, params, many, context)

    seat, buyer = seats[0]
    order = make_order(world, beneficiary=seat, by=buyer)
    with connection.execute_wrapper(keep):
        order = services.order_issue(order=order, by=buyer, at=now())
    document = Document.objects.get(object_id=str(order.pk), object_type="framework_agreements.PurchaseOrder")
    return {"found": found, "order": order.pk, "number": order.number, "document": document.pk}


def rate(target, jobs) -> float:
    """Transactions per second of these writers."""
    return WRITERS * PER_WRITER / seconds_together(target, jobs)


def main() -> None:
    """Interleave the two, print each round and the median ratio."""
    from django.db import connection, connections

    # Identifiers far from every other number of the statements, so that one is not taken for another.
    with connection.cursor() as cursor:
        cursor.execute("ALTER SEQUENCE framework_agreements_purchaseorder_id_seq RESTART 5000001")
    world, seats = make_seats()
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('framework_agreements_purchaseorder_id_seq', 5000100)")
    _number_from(world, seats, 7_000_000)
    statements = record(world, seats)
    print(f"{len(statements['found'])} statements an order; load {os.getloadavg()[0]:.1f}")
    print("round  platform/s   bare SQL/s   ratio")
    ratios = []
    for number in range(1, ROUNDS + 1):
        ours, bare = make_drafts(world, seats), make_drafts(world, seats)
        connections.close_all()
        bare_rate = rate(replay_all, [(statements, orders) for orders in bare])
        our_rate = rate(
            issue_all, [(orders, buyer.pk) for orders, (_seat, buyer) in zip(ours, seats, strict=True)]
        )
        ratios.append(our_rate / bare_rate)
        print(f"{number:>5}  {our_rate:>10.1f}  {bare_rate:>11.1f}  {ratios[-1]:>6.0%}")
    spread = f"{min(ratios):.0%} to {max(ratios):.0%}"
    print(f"median {statistics.median(ratios):.0%} of bare SQL ({spread}), load {os.getloadavg()[0]:.1f}")
    check(world)


def _number_from(world, seats, number) -> None:
    """Have the series of numbers continue from a number that no identifier equals."""
    from django.db import connection

    from tests.framework_agreements.factories import make_order

    seat, buyer = seats[0]
    order = make_order(world, beneficiary=seat, by=buyer)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE framework_agreements_purchaseorder SET state = 'issued', number = %s, issued_at = now(),"
            " issued_by_id = %s WHERE id = %s",
            [number, buyer.pk, order.pk],
        )


def check(world) -> None:
    """Whatever wrote them, the ledger is the counter and the numbers have no gap."""
    from django.db.models import Max, Min, Sum

    from framework_agreements.models import Ceiling, PurchaseOrder

    issued = PurchaseOrder.objects.filter(agreement=world.agreement, number__isnull=False)
    ends = issued.aggregate(first=Min("number"), last=Max("number"))
    assert ends["last"] - ends["first"] + 1 == issued.count()  # noqa: S101
    for ceiling in Ceiling.objects.filter(agreement=world.agreement):
        total = ceiling.entries.aggregate(total=Sum("amount_excl_tax"))["total"] or Decimal(0)
        assert ceiling.consumed_excl_tax == total  # noqa: S101
    print(f"{issued.count()} orders, numbers without gap, counters equal to the ledger")


if __name__ == "__main__":
    with throwaway_services() as addresses:
        os.environ.update(of_owner(addresses))
        prepare()
        main()
