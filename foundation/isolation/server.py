"""The side that works: a warm process that makes one child for each job, and never looks at a job itself.

    python -m foundation.isolation.server MODULE BOUNDS WARMTH

Each job comes by a socket of its own, handed over the standard input. The child reads it, calls `MODULE.work(facts,
contents)` within its bounds, answers and ends: whatever a job breaks, the next one finds a fresh memory. A child that
lasts too long or wants too much is ended by the kernel, and the socket closes without an answer.
"""

import contextlib
import ctypes
import gc
import importlib
import json
import os
import resource
import signal
import socket
import sys
import traceback
from pathlib import Path

from foundation.isolation.frames import packed, unpacked

READY = b"!"
LESS_URGENT = 5
"""Added to the niceness: people who wait for a page come first."""
_NOT_DUMPABLE, _ORPHAN_SIGNAL, _NO_NEW_PRIVILEGES = 4, 1, 38
"""Of prctl(2)."""


def main() -> None:
    """Serve until the other side closes the socket."""
    module, bounds, warmth = sys.argv[1], *map(json.loads, sys.argv[2:])
    control = socket.socket(fileno=os.dup(sys.stdin.fileno()))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries the children
    work = _warm(module, warmth)
    _bound(bounds)
    control.send(READY)
    while True:
        _message, handed, _flags, _address = socket.recv_fds(control, 1, 1)
        if not handed:
            return
        if os.fork() == 0:
            control.close()
            _serve(work, socket.socket(fileno=handed[0]), bounds)
        os.close(handed[0])


def _warm(name: str, warmth: dict):
    """The work, with all that it will need already read. The libraries are never garbage: left out of every search."""
    module = importlib.import_module(name)
    module.warm(**warmth)
    gc.collect()
    gc.freeze()
    return module.work


def _bound(bounds: dict) -> None:
    """What children inherit. Without files, no new descriptor: neither a file, nor an address of the network."""
    libc = ctypes.CDLL(None)
    libc.prctl(_NOT_DUMPABLE, 0, 0, 0, 0)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    os.nice(LESS_URGENT)
    memory = bounds["megabytes"] * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (bounds["file_bytes"],) * 2)


def _serve(work, job: socket.socket, bounds: dict) -> None:
    """In the child: one job, then the end of the process, whatever happens."""
    try:
        ctypes.CDLL(None).prctl(_ORPHAN_SIGNAL, signal.SIGKILL, 0, 0, 0)
        os.close(sys.stdin.fileno())
        _confine(bounds)
        with job.makefile("rb") as source:
            facts, contents = unpacked(lambda count: _exactly(source, count))
        for piece in packed(*_attempt(work, facts, contents)):
            job.sendall(piece)
    finally:
        os._exit(0)


def _confine(bounds: dict) -> None:
    signal.setitimer(signal.ITIMER_REAL, bounds["wall_seconds"])
    resource.setrlimit(resource.RLIMIT_CPU, (bounds["cpu_seconds"], bounds["cpu_seconds"]))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    if not bounds["file_bytes"]:
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _exactly(source, count: int) -> bytes:
    body = source.read(count)
    if len(body) < count:
        raise EOFError
    return body


def _attempt(work, facts: dict, contents: list[bytes]) -> tuple[dict, list[bytes]]:
    try:
        answer, made = work(facts, contents)
        return {"answer": answer}, made
    except BaseException as error:  # that of a refused address is not an Exception for WeasyPrint
        # The name and the place: the message may quote what was given.
        with contextlib.suppress(MemoryError):
            frames = traceback.extract_tb(error.__traceback__)[-3:]
            where = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames]
            return {"error": type(error).__name__, "where": where}, []
        return {"error": "MemoryError", "where": []}, []


if __name__ == "__main__":
    main()
