#!/usr/bin/env python
"""The foundation beside what it stands on: the journal and PostgreSQL, a page and Django, a PDF and WeasyPrint.

    .venv/bin/python benchmarks/foundation.py [journal] [objects] [shell] [pdf]

Starts services of its own. The journal is measured on a PostgreSQL that flushes to disk as in production; rounds of
the things compared are interleaved and the median of the ratios is printed with its spread.
"""

import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.writers import seconds_together
from procurement.runtime.services import Services, of_owner, service_account, throwaway_services

ROUNDS = 5
APPENDS = 240
"""Transactions of one line each in a round, shared by the writers."""
VERIFIED = 100_000
COLUMNS = "role, action, object_type, object_id, reason, at, before_digest, after_digest, rows, body"
VALUES = ("buyer", "bench.act", "bench.Thing", "1", "", "2026-11-21T12:00:00Z", "0" * 64, "1" * 64, "{}")
BARE = f"INSERT INTO bench_bare ({COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
CHAINED = BARE.replace("bench_bare", "journal_entry")


@contextmanager
def durable_services() -> Iterator[dict[str, str]]:
    """The services with every flush to disk that production does."""
    from procurement.runtime.account import hand_over

    account = service_account()
    with tempfile.TemporaryDirectory(prefix="jalon-bench-") as ground:
        hand_over(Path(ground), account)
        services = Services(Path(ground), Path(ground), account=account)
        services.start()
        try:
            yield services.environment
        finally:
            services.stop()


def prepare(*, story: bool) -> None:
    """Settings, tables and, for pages, the demonstration story."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "procurement.settings.development"
    os.environ["JALON_HOME"] = tempfile.mkdtemp(prefix="jalon-bench-")
    os.environ["JALON_DEMO_PASSWORD"] = "mesure"  # noqa: S105 (a demonstration on this machine)
    os.environ["LOG_LEVEL"] = "ERROR"
    os.environ["EMAIL_URL"] = "dummymail://"
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.CELERY_TASK_ALWAYS_EAGER = True
    call_command("migrate", verbosity=0)
    if story:
        call_command("demo", stdout=sys.stderr)


# The journal


def insert(sql: str, count: int, gate) -> None:
    """One bare writer: a transaction of one INSERT, `count` times, as the connection of the platform does."""
    import psycopg2
    from django.conf import settings

    database = settings.DATABASES["default"]
    connection = psycopg2.connect(
        dbname=database["NAME"],
        user=database["USER"],
        host=database["HOST"],
        port=database["PORT"] or None,
        password=database["PASSWORD"] or None,
    )
    body = json.dumps(dict(zip(COLUMNS.split(", "), VALUES, strict=False)))
    gate.wait()
    for _ in range(count):
        with connection, connection.cursor() as cursor:
            cursor.execute(sql, (*VALUES, body))
    connection.close()


def record(count: int, gate) -> None:
    """One writer of the platform: `journal.record`, a transaction each."""
    from django.db import connections

    from foundation.accounts.models import User
    from foundation.clock import now
    from foundation.journal import services

    connections.close_all()
    user = User.objects.get(email="mesure@jalon.example")
    gate.wait()
    for _ in range(count):
        services.record(by=user, action="accounts.rename_user", obj=user, at=now(), after={"full_name": "x"})


def rate(writers: int, target: Callable, *arguments) -> float:
    """Transactions per second of so many writers."""
    return APPENDS / seconds_together(target, [(*arguments, APPENDS // writers)] * writers)


def told(ratios: list[float]) -> str:
    return f"{statistics.median(ratios):.0%} ({min(ratios):.0%} to {max(ratios):.0%})"


def measure_appends() -> None:
    """Appends a second, alone and with eight writers, beside the same row in a table of no consequence."""
    from django.db import connection, connections

    from tests.accounts.factories import make_user

    make_user(email="mesure@jalon.example")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_bare (LIKE journal_entry INCLUDING ALL)")
    connections.close_all()
    for writers in (1, 8):
        print(f"\n{writers} writer(s), load {os.getloadavg()[0]:.1f}")
        print("round  bare insert/s  chained insert/s  journal.record/s")
        chained, recorded = [], []
        for number in range(1, ROUNDS + 1):
            bare = rate(writers, insert, BARE)
            chain = rate(writers, insert, CHAINED)
            ours = rate(writers, record)
            chained.append(chain / bare)
            recorded.append(ours / bare)
            print(f"{number:>5}  {bare:>13.0f}  {chain:>16.0f}  {ours:>16.0f}")
        print(f"chained beside bare {told(chained)}; journal.record beside bare {told(recorded)}")


def measure_proofs() -> None:
    """A hundred thousand lines: signing them, proving one, verifying all of them away from the platform."""
    from django.db import connection

    from foundation.clock import now
    from foundation.journal import selectors, services, verifier

    missing = VERIFIED - selectors.size()
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(
            f"INSERT INTO journal_entry ({COLUMNS}) SELECT %s, %s, %s, n::text, %s, %s, %s, %s, %s,"
            " json_build_object('object_id', n::text, 'action', 'bench.act')::text FROM generate_series(1, %s) n",
            [*VALUES[:3], *VALUES[4:], missing],
        )
    print(f"\n{VERIFIED} lines")
    checkpoint = timed("checkpoint of all of them", lambda: services.checkpoint_make(at=now()))
    timed("checkpoint again, nothing new", lambda: services.checkpoint_make(at=now()))
    timed("columns compared with the lines", lambda: sum(1 for _ in selectors.altered_entries()))
    timed("inclusion proof", lambda: selectors.inclusion(VERIFIED // 3, VERIFIED))
    timed("consistency proof", lambda: selectors.consistency(VERIFIED // 3, VERIFIED))
    folder = Path(tempfile.mkdtemp(prefix="jalon-bench-"))
    (folder / "checkpoint.txt").write_text(checkpoint.note, "utf-8")

    def export():
        with (folder / "journal.jsonl").open("w", encoding="utf-8") as lines:
            lines.writelines(f"{line}\n" for line in selectors.export())

    timed("export", export)
    print(f"exported file: {(folder / 'journal.jsonl').stat().st_size / 1e6:.0f} MB")
    command = [sys.executable, "-I", verifier.__file__, "journal", str(folder / "journal.jsonl")]
    command += ["--checkpoint", str(folder / "checkpoint.txt"), "--key", checkpoint.verifier_key]
    for _ in range(ROUNDS):
        timed("verified alone", lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL))


def measure_objects() -> None:
    """The objects of the demonstration compared with their lines, and their files read again."""
    from django.db import connection, transaction

    from foundation.journal import selectors

    print(f"\nload {os.getloadavg()[0]:.1f}, {selectors.size()} lines")
    for _ in range(ROUNDS):
        tally = selectors.Tally()
        wall, cpu = time.monotonic(), time.process_time()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            found = sum(1 for _ in selectors.altered_objects(tally))
        wall, cpu = time.monotonic() - wall, time.process_time() - cpu
        print(
            f"{tally.objects} objects, {tally.files} files, {tally.bytes / 1e6:.1f} MB, {found} findings:"
            f" {wall:.2f} s ({cpu:.2f} s of Python), {tally.objects / wall:.0f} objects/s"
        )


def timed(words: str, call: Callable):
    """Print how long `call` took, and return its answer."""
    started = time.monotonic()
    answer = call()
    print(f"{words:<34} {time.monotonic() - started:>8.3f} s")
    return answer


# The page


def measure_shell() -> None:
    """The least page of a signed-in person (the shell around two paragraphs) beside an empty view of Django."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from foundation.accounts.models import User

    client = Client()
    user = User.objects.get(email="acheteuse@jalon.example")
    client.force_login(user, backend="foundation.accounts.acting.SignInBackend")
    print(f"\nload {os.getloadavg()[0]:.1f}, {ROUNDS * 20} requests each, interleaved")
    print(f"{'page':<34} {'SQL':>4} {'bytes':>7} {'CPU ms':>7} {'empty view':>11} {'above it':>9}")
    for title, path in (
        ("shell (legal notice), signed in", "/mentions-legales/"),
        ("dashboard", "/tableau-de-bord/"),
    ):
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(path)
            count = len(queries)
        pairs = [
            (cpu_ms(lambda path=path: client.get(path)), cpu_ms(empty_view(client)))
            for _ in range(ROUNDS * 20)
        ]
        page, empty = (statistics.median(column) for column in zip(*pairs, strict=True))
        above = statistics.median(one - other for one, other in pairs)
        print(f"{title:<34} {count:>4} {len(answer.content):>7} {page:>7.1f} {empty:>11.2f} {above:>9.1f}")


def cpu_ms(call: Callable[[], object]) -> float:
    """CPU of one call in this process, in milliseconds."""
    start = time.process_time()
    call()
    return (time.process_time() - start) * 1000


def empty_view(client) -> Callable[[], object]:
    """The peer: the address of the health of the process, a view of two bytes behind the same middleware."""
    return lambda: client.get("/healthz")


def main() -> None:
    """Each part in services of its own."""
    asked = set(sys.argv[1:]) or {"journal", "objects", "shell", "pdf"}
    parts = {
        "journal": (durable_services, False),
        "objects": (throwaway_services, True),
        "shell": (throwaway_services, True),
    }
    measures = {
        "journal": (measure_appends, measure_proofs),
        "objects": (measure_objects,),
        "shell": (measure_shell,),
    }
    for name, (services, story) in parts.items():
        if name not in asked:
            continue
        context = multiprocessing.get_context("fork")
        part = context.Process(target=run, args=(services, story, measures[name]))
        part.start()
        part.join()
        if part.exitcode:
            raise SystemExit(part.exitcode)
    if "pdf" in asked:
        subprocess.run([sys.executable, str(Path(__file__).with_name("rendering.py"))], check=True)


def run(services: Callable, story: bool, measures: tuple) -> None:
    """One part, in a process of its own since Django starts once."""
    with services() as addresses:
        os.environ.update(of_owner(addresses))
        prepare(story=story)
        for measure in measures:
            measure()


if __name__ == "__main__":
    main()
