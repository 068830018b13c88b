#!/usr/bin/env python
"""The long run of the requests that nobody would write (Q6 of trust.md): how many were sent, what broke.

    .venv/bin/python benchmarks/fuzz.py [requests] [seed]

Half follow the OpenAPI document, valid then deliberately invalid; half follow nothing. Each is sent in this
process as one of fourteen people or nobody, on rows of every resource, and undone. Ends with 1 when one
answer was a 5xx or a line was written in the journal for a request without account.
"""

import logging
import os
import sys
import tempfile
import time
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from procurement.runtime.services import of_owner, throwaway_services  # noqa: E402


def prepare() -> None:
    """Settings and tables, on the services whose addresses are in the environment."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "procurement.settings.test"
    os.environ["LOG_LEVEL"] = "CRITICAL"
    os.environ["JALON_HOME"] = tempfile.mkdtemp(prefix="jalon-fuzz-")
    import django

    django.setup()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def main(requests: int, seed: int) -> int:
    """Send them, print the figures."""
    prepare()
    from django.db import transaction

    from tests.api import story
    from tests.api.fuzzing import Fuzzer

    with transaction.atomic():
        fuzzer = Fuzzer(story.tell().people.values(), seed=seed)
        started, told = time.perf_counter(), set()
        while fuzzer.report.sent < requests:
            fuzzer.from_the_schema(1)
            report = fuzzer.raw(300)
            print(f"{report.sent} requests, {len(report.faults)} faults", flush=True)
            for kind in report.faults.keys() - told:
                print(f"FAULT {kind}\n      {report.faults[kind]}", flush=True)
            told |= report.faults.keys()
        seconds = time.perf_counter() - started
        transaction.set_rollback(True)
    print(f"{report.sent} requests in {seconds:.0f} s ({report.sent / seconds:.0f} a second), seed {seed}")
    print(
        "statuses:",
        ", ".join(f"{status}: {count}" for status, count in sorted(report.statuses.items(), key=str)),
    )
    return 1 if report.faults else 0


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    chosen = int(sys.argv[2]) if len(sys.argv) > 2 else 2026
    with throwaway_services() as addresses:
        os.environ.update(of_owner(addresses))
        sys.exit(main(wanted, chosen))
