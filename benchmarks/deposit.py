#!/usr/bin/env python
"""The deposit of a bid: statements and CPU from the 1st to the 500th of a consultation, then a rush of 8 writers.

    .venv/bin/python benchmarks/deposit.py

Starts services of its own. A deposit is all that the service does: files and prices sealed, ciphertext stored, rows,
receipt asked for, message, line of the journal. CPU is that of this process and of its PostgreSQL backend; what the
seal itself takes is told apart. In the rush, 8 processes deposit for firms of their own; beside them, in the same
round, 8 processes replay the very statements of the transaction of a deposit for other firms, with nothing above the
driver. Goal: 15 statements, 10.7 CPU-ms besides the seal, the same at the 500th bid, 15 % of the bare rate.
"""

import os
import statistics
import sys
import tempfile
import time
import uuid
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.writers import seconds_together
from procurement.runtime.services import of_owner, throwaway_services

BIDS, SHOWN = 500, 20
WRITERS, PER_WRITER, ROUNDS = 8, 10, 5
FILE = b"%PDF-1.7\n" + b"offre technique " * 6000 + b"\n%%EOF\n"
FIRST_USER, FIRST_FIRM = 5_000_001, 7_000_001
"""Identifiers far from every other number of the statements, so that one is not taken for another."""


def prepare() -> None:
    """Settings and tables, on the services whose addresses are in the environment."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "procurement.settings.development"
    os.environ["JALON_HOME"] = tempfile.mkdtemp(prefix="jalon-bench-")
    os.environ["LOG_LEVEL"] = "ERROR"
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    # A thousand accounts are made, nobody signs in.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER SEQUENCE accounts_user_id_seq RESTART {FIRST_USER}")
        cursor.execute(f"ALTER SEQUENCE accounts_organisation_id_seq RESTART {FIRST_FIRM}")


def make_firms(count: int) -> list[tuple[int, int]]:
    """(person, firm) that answer, by their keys; making them is not measured."""
    from tests.tenders.factories import make_supplier

    return [(person.pk, firm.pk) for person, firm in (make_supplier() for _number in range(count))]


def deposit(tender, person: int, firm: int) -> None:
    """One deposit by a person who has just arrived, of whom nothing is kept in memory."""
    from foundation.accounts.models import Organisation, User
    from tests.tenders.factories import make_bid

    by, bidder = User.objects.get(pk=person), Organisation.objects.get(pk=firm)
    make_bid(tender, by=by, bidder=bidder, files=[("memoire.pdf", FILE)])


def backend_seconds() -> float:
    """CPU of our PostgreSQL backend so far: it runs on this machine."""
    from django.db import connection

    connection.ensure_connection()
    nanoseconds = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text().split()[0]
    return int(nanoseconds) / 1e9


class Seal:
    """How long the seal itself takes, since this was made."""

    def __init__(self) -> None:
        from tenders import sealing

        self.seconds, seal = 0.0, sealing.Sealer._seal

        def timed(sealer, segment, *, final):
            begun = time.process_time()
            try:
                return seal(sealer, segment, final=final)
            finally:
                self.seconds += time.process_time() - begun

        sealing.Sealer._seal = timed


def statements_of(call) -> list[tuple[str, tuple]]:
    """What PostgreSQL receives: (SQL, parameters)."""
    from django.db import connection

    found = []

    def keep(execute, sql, params, many, context):
        found.append((sql, tuple(params or ())))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        call()
    return found


def grow(tender) -> tuple:
    """Deposit BIDS bids, print what the first and the last cost; gives the statements of one, its person, its firm."""
    seal, firms, costs = Seal(), make_firms(BIDS), []
    for person, firm in firms:
        cpu, backend, sealed = time.process_time(), backend_seconds(), seal.seconds
        deposit(tender, person, firm)
        ours, sealed = time.process_time() - cpu, seal.seconds - sealed
        costs.append((1000 * (ours - sealed + backend_seconds() - backend), 1000 * sealed))
    print(f"{'bids':<12} {'CPU ms':>7} {'spread':<10} {'seal ms':>8}")
    for title, part in (("2 to 21", costs[1 : SHOWN + 1]), (f"to {BIDS}", costs[-SHOWN:])):
        rest = [cost for cost, _seal in part]
        spread = f"{min(rest):.1f}–{max(rest):.1f}"
        sealing = statistics.median(sealed for _cost, sealed in part)
        print(f"{title:<12} {statistics.median(rest):>7.1f} {spread:<10} {sealing:>8.2f}")
    [(person, firm)] = make_firms(1)
    found = statements_of(lambda: deposit(tender, person, firm))[
        2:
    ]  # but the reads of the person and the firm
    points = sum("SAVEPOINT" in sql for sql, _params in found)
    print(f"{len(found) - points} statements, {points} savepoints, at bid {BIDS + 1}\n")
    return [(sql, params) for sql, params in found if "SAVEPOINT" not in sql], person, firm


def deposit_all(tender_id: int, firms: list, gate) -> None:
    """One writer of the platform."""
    from tenders.models import Tender

    tender = Tender.objects.get(pk=tender_id)
    gate.wait()
    for person, firm in firms:
        deposit(tender, person, firm)


def replay_all(recorded: tuple, firms: list, gate) -> None:
    """One bare writer: the transaction of the recorded deposit for other firms, with new keys."""
    from django.db import connection

    found, person, firm = recorded
    first = next(rank for rank, (sql, _params) in enumerate(found) if "FOR SHARE" in sql)
    connection.ensure_connection()
    bare = connection.connection
    bare.autocommit = False
    gate.wait()
    for other in firms:
        fresh = dict(zip((person, firm), other, strict=True))
        with bare, bare.cursor() as cursor:
            for sql, params in found[first:]:
                cursor.execute(sql, [_another(value, fresh) for value in params])
                if "clock_timestamp" in sql:
                    [fresh[datetime]] = cursor.fetchone()


def _another(value, fresh: dict):
    """The value of a parameter for another deposit: its keys, its firm, its instant."""
    if isinstance(value, datetime):
        return fresh[datetime]
    if isinstance(value, uuid.UUID):
        return fresh.setdefault(value, uuid.uuid4())
    if type(value) is str:
        for known, other in fresh.items():
            value = value if known is datetime else value.replace(str(known), str(other))
    return fresh.get(value, value) if type(value) is int else value


def rate(target, given, groups: list) -> float:
    """Deposits per second of these writers."""
    return WRITERS * PER_WRITER / seconds_together(target, [(given, firms) for firms in groups])


def rush(tender, recorded: tuple) -> None:
    """The two kinds of writers in turn, each round and the median of the ratios."""
    from django.db import connections

    ratios = []
    print("round  platform/s   bare SQL/s   ratio")
    for number in range(1, ROUNDS + 1):
        both = [[make_firms(PER_WRITER) for _writer in range(WRITERS)] for _side in range(2)]
        connections.close_all()
        bare, ours = rate(replay_all, recorded, both[0]), rate(deposit_all, tender.pk, both[1])
        ratios.append(ours / bare)
        print(f"{number:>5}  {ours:>10.1f}  {bare:>11.1f}  {ratios[-1]:>6.0%}")
    print(f"median {statistics.median(ratios):.0%} of bare SQL ({min(ratios):.0%} to {max(ratios):.0%})")


def check(tender) -> None:
    """Whoever wrote it, each bid has its parts; those of the platform have their receipt."""
    from tenders.models import Bid

    bids = list(Bid.objects.filter(tender=tender).prefetch_related("parts"))
    assert all(bid.parts.count() == 2 for bid in bids)  # noqa: S101
    print(f"{len(bids)} bids, each with its file and its prices; load {os.getloadavg()[0]:.1f}")


def main() -> None:
    """What one costs, then the rush."""
    from tests.tenders.factories import make_published

    tender = make_published()
    print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores, a file of {len(FILE)} bytes and a lot")
    rush(tender, grow(tender))
    check(tender)


if __name__ == "__main__":
    with throwaway_services() as addresses:
        os.environ.update(of_owner(addresses))
        prepare()
        main()
