"""The worker's side of the press: a long-lived child, replaced when a document broke it."""

import atexit
import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from foundation.documents.press.child import LENGTH, write_frame
from foundation.documents.press.printed import Printed

ROOT = Path(__file__).resolve().parent.parent.parent.parent
CHILD = [sys.executable, "-m", "foundation.documents.press.child"]
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "XDG_CACHE_HOME", "FONTCONFIG_FILE", "FONTCONFIG_PATH")
"""All that the child inherits of the environment: no address, no password."""
START_SECONDS = 60
GRACE_SECONDS = 3
JOBS_PER_CHILD = 500


class PressError(Exception):
    """A document could not be made. `name` is the error of the child, without its message."""

    def __init__(self, name: str, where: list[str] | None = None):
        super().__init__(f"{name} {' < '.join(reversed(where or []))}".strip())
        self.name = name


class Press:
    """Hands jobs to one child process, one at a time; the child is born at the first job."""

    def __init__(self, *, seconds: int, megabytes: int):
        self.seconds, self.megabytes = seconds, megabytes
        self._lock = threading.Lock()
        self._child: subprocess.Popen | None = None
        self._owner = self._jobs = 0
        atexit.register(self.close)

    @property
    def child_pid(self) -> int | None:
        """The process that prints, for who measures or watches it."""
        return self._child.pid if self._child else None

    def print(self, orders: list[dict]) -> list[Printed]:
        """Have these forms made. Raises PressError: the error of the child, « TimeLimit » or « Crash »."""
        job = json.dumps({"orders": orders}, default=str).encode()
        with self._lock:
            self._ready_child()
            try:
                return self._ask(job)
            except (PressError, OSError) as error:
                self._replace_if_stained(error)
                raise error if isinstance(error, PressError) else PressError("Crash") from error

    def close(self) -> None:
        """End the child, if it is ours: a process forked from the worker leaves it alone."""
        child, self._child = self._child, None
        if child is None or self._owner != os.getpid():
            return
        child.kill()
        for pipe in (child.stdin, child.stdout):
            with contextlib.suppress(OSError):
                pipe.close()
        child.wait()

    def _ready_child(self) -> None:
        if self._owner == os.getpid() and self._child and self._child.poll() is None:
            self._jobs += 1
            if self._jobs <= JOBS_PER_CHILD:
                return
        self.close()
        self._child = subprocess.Popen(  # noqa: S603
            [*CHILD, str(self.seconds), str(self.megabytes)],
            cwd=ROOT,
            env={name: os.environ[name] for name in KEPT if name in os.environ},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._owner, self._jobs = os.getpid(), 1
        self._receive(time.monotonic() + START_SECONDS)

    def _ask(self, job: bytes) -> list[Printed]:
        until = time.monotonic() + self.seconds + GRACE_SECONDS
        write_frame(self._child.stdin, job)
        answer = json.loads(self._receive(until))
        if "error" in answer:
            raise PressError(answer["error"], answer["where"])
        return [Printed(content=self._receive(until), **form) for form in answer["printed"]]

    def _receive(self, until: float) -> bytes:
        (length,) = LENGTH.unpack(self._read(LENGTH.size, until))
        return self._read(length, until)

    def _read(self, count: int, until: float) -> bytes:
        """Exactly so many bytes of the child before `until`."""
        pipe, parts = self._child.stdout.fileno(), []
        while count:
            left = until - time.monotonic()
            if left <= 0 or not select.select([pipe], [], [], left)[0]:
                raise PressError("TimeLimit")
            part = os.read(pipe, min(count, 1 << 20))
            if not part:
                raise PressError(self._cause_of_death())
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def _cause_of_death(self) -> str:
        """The alarm and the processor limit end the child by their signal."""
        code = self._child.wait()
        return "TimeLimit" if code in (-signal.SIGALRM, -signal.SIGXCPU) else "Crash"

    def _replace_if_stained(self, error: Exception) -> None:
        """A child that only refused a page goes on; any other is ended, the next document gets a fresh one."""
        name = getattr(error, "name", "")
        if name in ("", "TimeLimit", "Crash", "MemoryError", "RecursionError"):
            self.close()
