"""What a process that reads secrets closes behind it: no core file, no debugger, no look into its memory."""

import ctypes
import gc
import resource
import sys
import threading

PR_SET_DUMPABLE = 4  # <linux/prctl.h>
FORGETFUL = {"PYTHONMALLOC": "malloc", "MALLOC_PERTURB_": "165"}
"""Variables of a program that sees what is sealed: glibc writes over what Python gives back, at once."""


def close_memory() -> None:
    """Forbid core files for good, and on Linux the reading of this process's memory by another of the same account.

    A program that is then executed (the press, `pg_dump`) is readable again, as the kernel has it; its core files
    stay forbidden.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


_asked = threading.Event()


def forget_soon(seconds: float = 1.0) -> None:
    """Have what finished requests left in cycles given back, once they are out of reach: one collection for many."""
    if not _asked.is_set():
        _asked.set()
        timer = threading.Timer(seconds, _forget)
        timer.daemon = True
        timer.start()


def _forget() -> None:
    _asked.clear()
    gc.collect()
