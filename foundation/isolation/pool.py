"""The side that asks: hands each job to a child of a warm server, and waits no longer than was agreed."""

import atexit
import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from foundation.isolation.frames import packed, unpacked
from foundation.isolation.server import READY

ROOT = Path(__file__).resolve().parent.parent.parent
SERVER = [sys.executable, "-m", "foundation.isolation.server"]
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "XDG_CACHE_HOME", "FONTCONFIG_FILE", "FONTCONFIG_PATH")
"""All that the other process inherits of the environment: no address, no password."""
START_SECONDS = 60
GRACE_SECONDS = 3
LARGEST_ANSWER = 256 * 1024 * 1024
"""Bytes of an answer that are still read: the child may no longer be ours."""


@dataclass(frozen=True)
class Bounds:
    """Of one job: seconds of processor and of the clock, address space, largest file written (0: it opens none)."""

    cpu_seconds: int
    wall_seconds: int
    megabytes: int
    file_bytes: int = 0


class JobError(Exception):
    """A job was not done. `name`: the error of the child without its message, « TimeLimit », « Crash », or « Busy »."""

    def __init__(self, name: str, where: list[str] | None = None):
        super().__init__(f"{name} {' < '.join(reversed(where or []))}".strip())
        self.name = name


class Pool:
    """Has `MODULE.work` done apart, by at most `places` children at once; others wait `patience` seconds for a place.

    The server is born at the first job, and again in a process forked from this one. `warmth`: what `MODULE.warm` is
    told before the first job.
    """

    def __init__(
        self, module: str, bounds: Bounds, *, places: int, patience: float, warmth: dict | None = None
    ):
        self.module, self.bounds, self.patience, self.warmth = module, bounds, patience, warmth or {}
        self._places = threading.BoundedSemaphore(places)
        self._lock = threading.Lock()
        self._server: subprocess.Popen | None = None
        self._control: socket.socket | None = None
        self._owner = 0
        atexit.register(self.close)

    @property
    def server_pid(self) -> int | None:
        """The warm process, for who measures or watches it."""
        return self._server.pid if self._server else None

    def run(self, facts: dict, contents: list[bytes]) -> tuple[dict, list[bytes]]:
        """The answer of the work and what it made. Raises JobError."""
        if not self._places.acquire(timeout=self.patience):
            raise JobError("Busy")
        try:
            with self._job() as job:
                return self._ask(job, facts, contents)
        finally:
            self._places.release()

    def close(self) -> None:
        """End the server, if it is ours: a process forked from the owner leaves it alone."""
        server, self._server = self._server, None
        if server is None or self._owner != os.getpid():
            return
        self._control.close()
        server.kill()
        server.wait()

    def _job(self) -> socket.socket:
        """A socket whose other end is with a new child."""
        ours, theirs = socket.socketpair()
        with theirs, self._lock:
            self._ready()
            try:
                socket.send_fds(self._control, [READY], [theirs.fileno()])
            except OSError:  # it died between two jobs
                self.close()
                self._ready()
                socket.send_fds(self._control, [READY], [theirs.fileno()])
        return ours

    def _ready(self) -> None:
        if self._owner == os.getpid() and self._server and self._server.poll() is None:
            return
        self.close()
        self._control, theirs = socket.socketpair()
        with theirs:
            self._server = subprocess.Popen(  # noqa: S603
                [*SERVER, self.module, json.dumps(asdict(self.bounds)), json.dumps(self.warmth)],
                cwd=ROOT,
                env={name: os.environ[name] for name in KEPT if name in os.environ},
                stdin=theirs,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._owner = os.getpid()
        self._control.settimeout(START_SECONDS)
        if self._control.recv(1) != READY:
            raise JobError("Crash")

    def _ask(self, job: socket.socket, facts: dict, contents: list[bytes]) -> tuple[dict, list[bytes]]:
        started = time.monotonic()
        until = started + self.bounds.wall_seconds + GRACE_SECONDS
        try:
            with contextlib.suppress(
                BrokenPipeError, ConnectionResetError
            ):  # ended early: its silence will say so
                for piece in packed(facts, contents):
                    job.settimeout(max(0.01, until - time.monotonic()))
                    job.sendall(piece)
            answer, made = unpacked(_reader(job, until))
        except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
            lasted = time.monotonic() - started
            raise JobError("TimeLimit" if lasted >= self.bounds.cpu_seconds - 0.5 else "Crash") from error
        if "error" in answer:
            raise JobError(answer["error"], answer["where"])
        return answer["answer"], made


def _reader(job: socket.socket, until: float):
    """Gives exactly so many bytes, before `until` and within the largest answer."""
    left = LARGEST_ANSWER

    def read(count: int) -> bytes:
        nonlocal left
        left -= count
        if left < 0:
            raise ValueError("too long an answer")
        parts = []
        while count:
            job.settimeout(max(0.01, until - time.monotonic()))
            part = job.recv(min(count, 1 << 20))
            if not part:
                raise EOFError
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    return read
