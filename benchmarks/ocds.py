#!/usr/bin/env python
"""The bulk export of open data (`/donnees/ocds/releases.jsonl`) beside a bare `COPY` of the stored texts.

    .venv/bin/python benchmarks/ocds.py                10,000 then 100,000 releases

Starts services of its own. Five interleaved rounds: each sends every release through the whole site (middleware, view),
then copies the same texts with nothing above them but the driver; the ratios are those of a same round. CPU is that of
this process and of its PostgreSQL backend; memory is the peak of this process above what it held before. Goal: at most
twice the copy, and no more memory for 100,000 releases than for 10,000. Fails when the two do not send the same bytes.
"""

import gc
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from procurement.runtime.services import of_owner, throwaway_services

ROUNDS = 5
SIZES = [10_000, 100_000]
ADDRESS = "/donnees/ocds/releases.jsonl"
COPY = "COPY (SELECT text FROM open_data_release ORDER BY id) TO STDOUT"
MIB = 1024 * 1024


def prepare() -> None:
    """Settings and tables, on the services whose addresses are in the environment."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "procurement.settings.development"
    os.environ["JALON_HOME"] = tempfile.mkdtemp(prefix="jalon-bench-")
    os.environ["DEBUG"] = "false"
    os.environ["LOG_LEVEL"] = "ERROR"
    os.environ["EMAIL_URL"] = "dummymail://"
    import django
    from django.conf import settings

    django.setup()
    settings.ALLOWED_HOSTS = ["testserver"]
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def fill(first: int, last: int) -> None:
    """Releases numbered from `first` to `last`, after the one that the services wrote at a publication."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO open_data_release (ocid, release_id, tags, released_at, text) "
            "SELECT 'ocds-000000-' || n, 'ocds-000000-' || n || '-001', tags, released_at, "
            "replace(text, ocid, 'ocds-000000-' || n) FROM open_data_release, generate_series(%s, %s) AS n "
            "WHERE id = (SELECT min(id) FROM open_data_release)",
            [first, last],
        )
        cursor.execute("VACUUM ANALYZE open_data_release")


def backend_seconds() -> float:
    """CPU of our PostgreSQL backend so far, to the nanosecond: it runs on this machine."""
    from django.db import connection

    connection.ensure_connection()
    nanoseconds = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text().split()[0]
    return int(nanoseconds) / 1e9


def memory(name: str) -> int:
    """Memory of this process in bytes: `VmRSS` now, `VmHWM` the peak since `forget_peak`."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) * 1024
    raise SystemExit(f"no {name} on this system")


def forget_peak() -> None:
    """Have the peak of memory counted from now on."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")


def sent() -> int:
    """Every release through the site, and its size in bytes."""
    from django.test import Client

    answer = Client().get(ADDRESS)
    if answer.status_code != 200:
        raise SystemExit(f"{ADDRESS}: {answer.status_code}")
    return sum(len(piece) for piece in answer.streaming_content)


class Sink:
    """Where a copy goes: nothing is kept but its size, without the backslashes that COPY doubles."""

    size = 0

    def write(self, piece: bytes) -> None:
        """Count a line."""
        self.size += len(piece) - piece.count(b"\\\\")


def copied() -> int:
    """Every text by COPY, and its size in bytes."""
    from django.db import connection

    sink = Sink()
    with connection.cursor() as cursor:
        cursor.copy_expert(COPY, sink)
    return sink.size


def spent(call) -> dict:
    """Bytes, wall and CPU seconds of one call, and the memory that it took at its height."""
    forget_peak()
    held, backend = memory("VmRSS"), backend_seconds()
    wall, cpu = time.perf_counter(), time.process_time()
    size = call()
    elapsed, used = time.perf_counter() - wall, time.process_time() - cpu
    used += backend_seconds() - backend
    return {"bytes": size, "wall": elapsed, "cpu": used, "peak": max(0, memory("VmHWM") - held) / MIB}


def row(number: int) -> str:
    """The figures of one size."""
    sent(), copied()
    rounds = [(spent(sent), spent(copied)) for _round in range(ROUNDS)]
    if any(ours["bytes"] != bare["bytes"] for ours, bare in rounds):
        raise SystemExit(f"the export and the copy differ: {rounds[0]}")

    def middle(side: int, name: str) -> float:
        return statistics.median(both[side][name] for both in rounds)

    ratios = {name: [ours[name] / bare[name] for ours, bare in rounds] for name in ("wall", "cpu")}
    told = [
        f"{statistics.median(found):>6.2f} {f'{min(found):.2f}–{max(found):.2f}':<11}"
        for found in ratios.values()
    ]
    return (
        f"{number:>9,} {middle(0, 'bytes') / MIB:>6.0f} {middle(0, 'wall'):>8.2f} {middle(1, 'wall'):>8.2f} "
        f"{told[0]} {middle(0, 'cpu'):>8.2f} {middle(1, 'cpu'):>8.2f} {told[1]} "
        f"{middle(0, 'peak'):>8.1f} {middle(1, 'peak'):>8.1f}"
    )


def main() -> None:
    """One line a size."""
    with throwaway_services() as addresses:
        os.environ.update(of_owner(addresses))
        prepare()
        from tests.tenders.factories import make_published

        make_published()
        made = 1
        print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores, {ROUNDS} rounds; seconds, MiB")
        print(
            f"{'releases':>9} {'MiB':>6} {'export s':>8} {'COPY s':>8} {'ratio':>6} {'spread':<11} "
            f"{'CPU s':>8} {'CPU COPY':>8} {'ratio':>6} {'spread':<11} {'peak MiB':>8} {'COPY':>8}"
        )
        for size in SIZES:
            fill(made + 1, size)
            made = size
            print(row(size))


if __name__ == "__main__":
    main()
