"""Starting and stopping a program without ever leaving one behind."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


def _dies_with_parent(stop_signal: int):
    """What the child does between fork and exec: ask for a signal when its parent dies, even by kill -9."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(PR_SET_PDEATHSIG, stop_signal)


def start(command: list, *, log: Path, stop_signal: int = signal.SIGTERM, **options) -> subprocess.Popen:
    """Start a program, its output appended to `log`, in its own session: Ctrl-C reaches only us.

    Call from the main thread: the kernel ties the child to the thread that forked it.
    """
    with log.open("ab") as output:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_dies_with_parent(stop_signal),  # noqa: PLW1509  # we run no thread
            **options,
        )


def stop(process: subprocess.Popen, *, stop_signal: int = signal.SIGTERM, patience: float = 30) -> None:
    """Ask politely, wait `patience` seconds, then kill."""
    if process.poll() is not None:
        return
    process.send_signal(stop_signal)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def living_in(directory: Path, program: str) -> list[int]:
    """The `program`s working in `directory`: what an earlier start left behind (Linux; elsewhere none)."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "comm").read_text().strip() == program and (entry / "cwd").readlink() == directory:
                found.append(int(entry.name))
        except OSError:  # gone meanwhile, or somebody else's
            continue
    return found


def clear_out(directory: Path, program: str, *, stop_signal: int, patience: float = 20) -> None:
    """End the `program` that an earlier, killed supervisor left running in `directory`, and wait for it."""
    give_up_at = time.monotonic() + patience
    for pid in living_in(directory, program):
        _signal(pid, stop_signal)
    while remaining := living_in(directory, program):
        if time.monotonic() > give_up_at:
            for pid in remaining:
                _signal(pid, signal.SIGKILL)
        time.sleep(0.05)


def _signal(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def last_words(log: Path, lines: int = 3) -> str:
    """The last lines of a log, to say why a program did not start."""
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 4000))
        text = file.read().decode(errors="replace")
    return " / ".join(text.strip().splitlines()[-lines:])
