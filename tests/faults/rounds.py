"""A round: kill -9 something under load, and measure until an order made afterwards is printed."""

import time
from dataclasses import dataclass

from tests.faults.supervised import Supervised

LONGEST = 60.0
"""Seconds to recover (Q2 of the trust file)."""
PRINTED_SINCE = """
    SELECT count(*) FROM documents_document d JOIN framework_agreements_purchaseorder o ON o.id::text = d.object_id
    WHERE d.state = 'ready' AND o.created_at > %s AND o.issued_at > %s
"""


@dataclass(frozen=True)
class Round:
    """What was killed, and how long until the whole chain worked again."""

    victim: str
    seconds: float


def play(platform: Supervised, victim: str) -> Round:
    """Kill and wait. The chain: API, database, queue, worker, storage. Raises TimeoutError."""
    [(killed_at,)] = platform.rows("SELECT clock_timestamp()")
    started = time.monotonic()
    platform.kill(victim)
    while time.monotonic() - started < 2 * LONGEST:
        rows = platform.rows(PRINTED_SINCE, killed_at, killed_at)
        if rows and rows[0][0] and platform.is_ready():
            return Round(victim, time.monotonic() - started)
        time.sleep(0.3)
    raise TimeoutError(f"{victim}: {(platform.home / 'said').read_text()[-2000:]}")
