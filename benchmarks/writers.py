"""Writers of a benchmark, each in a process of its own, let go together."""

import multiprocessing
import time
from collections.abc import Callable


def seconds_together(target: Callable, jobs: list[tuple]) -> float:
    """How long `target(*job, gate)` takes for all the jobs side by side; each waits at `gate` once it is ready."""
    context = multiprocessing.get_context("fork")
    gate = context.Barrier(len(jobs) + 1)
    writers = [context.Process(target=target, args=(*job, gate)) for job in jobs]
    for writer in writers:
        writer.start()
    gate.wait()
    started = time.monotonic()
    for writer in writers:
        writer.join()
    elapsed = time.monotonic() - started
    if any(writer.exitcode for writer in writers):
        raise SystemExit("A writer failed.")
    return elapsed
