"""The press in its own process: one job after the other, each within a time and a memory.

    python -m foundation.documents.press.child SECONDS MEGABYTES

A job comes on the standard input as eight bytes of length and JSON; the answer goes out the same way, followed by the
files. A job that lasts too long is ended by the kernel's alarm with the process; one that wants too much memory is told
so, and the process leaves its place to a fresh one. Nothing that a fact says is written anywhere.
"""

import gc
import json
import os
import resource
import signal
import struct
import sys
import traceback
from pathlib import Path
from typing import BinaryIO

LENGTH = struct.Struct(">Q")
LARGEST_FILE = 64 * 1024 * 1024  # the largest temporary file, a font unpacked by WeasyPrint
GARBAGE = (10_000, 10, 5)
STAINED = (MemoryError, RecursionError)
"""After these the process may hold half-made caches: it ends and another one starts."""


def read_frame(source: BinaryIO) -> bytes | None:
    """The next frame, None at the end of the stream."""
    head = source.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    return source.read(LENGTH.unpack(head)[0])


def write_frame(target: BinaryIO, body: bytes) -> None:
    """Send one frame."""
    target.write(LENGTH.pack(len(body)))
    target.write(body)
    target.flush()


def main() -> None:
    """Serve until the worker closes the pipe."""
    seconds, megabytes = int(sys.argv[1]), int(sys.argv[2])
    source, target = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a library that prints must not break the frames
    _bound(megabytes * 1024 * 1024)
    work = _open_the_press()
    write_frame(target, b"{}")  # ready: what was read and compiled until now is not the first document's time
    while (job := read_frame(source)) is not None:
        _allow(seconds)
        answer, files, stained = _attempt(work, job)
        write_frame(target, json.dumps(answer).encode())
        for content in files:
            write_frame(target, content)
        signal.setitimer(signal.ITIMER_REAL, 0)
        if stained:
            return


def _bound(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))


def _allow(seconds: int) -> None:
    """This much of the clock and of the processor for the next job; past it the kernel ends the process."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    spent = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(spent.ru_utime + spent.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _open_the_press():
    """What makes the files. The libraries are never garbage: leaving them out of every search for some, and searching
    less often (memory is bounded anyway), pays for the distance between the worker and the press.
    """
    from foundation.documents.press.jobs import work

    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)
    return work


def _attempt(work, job: bytes) -> tuple[dict, list[bytes], bool]:
    try:
        printed = work(json.loads(job))
        forms = [{"form": one.form, "pages": one.pages} for one in printed]
        return {"printed": forms}, [one.content for one in printed], False
    except BaseException as error:  # that of a refused address is not an Exception for WeasyPrint
        # The name and the place: the message may quote facts.
        frames = traceback.extract_tb(error.__traceback__)[-3:]
        where = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames]
        return {"error": type(error).__name__, "where": where}, [], isinstance(error, STAINED)


if __name__ == "__main__":
    main()
