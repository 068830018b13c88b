"""`python benchmarks/faults.py --rounds 100`: kill -9 of random parts under load, for as long as you like (Q2).

After each round the chain must work again (an order made after the kill is printed) and everything acknowledged must be
there, once. At the end what waits is drained. Prints one line per round, then the numbers; 1 in exit when one is bad.
"""

import argparse
import json
import random
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from procurement.runtime.account import hand_over, service_account
from procurement.runtime.preflight import free_port
from tests.faults import rounds, verdict
from tests.faults.load import Load
from tests.faults.supervised import VICTIMS, Supervised

DRAIN_PATIENCE = 300
"""Seconds: a document in the hands of a killed worker is taken up after two minutes, at the next sweep."""


def drained(platform: Supervised) -> float:
    """Seconds until nothing waits."""
    started = time.monotonic()
    while verdict.waiting(platform) != 0:
        if time.monotonic() - started > DRAIN_PATIENCE:
            raise TimeoutError(f"{verdict.waiting(platform)} still wait")
        time.sleep(1)
    return time.monotonic() - started


def play(platform: Supervised, victims: list[str], count: int, clients: int) -> bool:
    """Whether every round was good."""
    world = json.loads(platform.run("-m", "tests.faults.world").splitlines()[-1])
    load = Load(platform.url, world, clients=clients).start()
    played, bad = [], []
    try:
        for number in range(1, count + 1):
            time.sleep(random.uniform(0.5, 4))  # noqa: S311  # when it hits does not need to be secret
            played.append(rounds.play(platform, random.choice(victims)))  # noqa: S311
            last = played[-1]
            print(f"{number:4d}  {last.victim:<12} {last.seconds:6.1f} s", flush=True)
    finally:
        acknowledged = load.stop()
    seconds = drained(platform)
    bad += verdict.differences(platform, acknowledged)
    report(played, acknowledged, seconds, bad)
    return not bad and all(one.seconds <= rounds.LONGEST for one in played)


def report(played: list[rounds.Round], acknowledged, seconds: float, bad: list[str]) -> None:
    """The numbers."""
    for victim in VICTIMS:
        times = sorted(one.seconds for one in played if one.victim == victim)
        if times:
            print(
                f"{victim:<12} {len(times):3d} rounds, median {statistics.median(times):.1f} s, worst {times[-1]:.1f} s"
            )
    print(f"orders acknowledged: {len(acknowledged.issued)}; answers that failed: {acknowledged.failures}")
    print(f"drained in {seconds:.0f} s after the load; wrong: {len(bad)}")
    print(*bad, sep="\n")


def main() -> int:
    """Options, a fresh platform, the rounds."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=20)
    options.add_argument("--victim", action="append", choices=VICTIMS)
    options.add_argument("--clients", type=int, default=2)
    options.add_argument("--keep", action="store_true", help="leave the directory, to read its logs")
    given = options.parse_args()
    home = Path(tempfile.mkdtemp(prefix="jalon-faults-"))
    hand_over(home, service_account())
    platform = Supervised(home, free_port())
    try:
        good = play(platform.start(), given.victim or list(VICTIMS), given.rounds, given.clients)
    finally:
        platform.stop()
        if given.keep:
            print(home)
        else:
            shutil.rmtree(home, ignore_errors=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
