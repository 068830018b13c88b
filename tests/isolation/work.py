"""What the tests have done apart: good works and bad ones."""

import os
import socket
import time
from pathlib import Path


def warm() -> None:
    """Nothing to read before."""


def work(facts: dict, contents: list[bytes]) -> tuple[dict, list[bytes]]:
    """Does what `facts` says."""
    return globals()[facts["do"]](contents)


def echo(contents):
    """Gives back what came."""
    return {"pid": os.getpid()}, contents


def spin(_contents):
    """Never ends, and lets no signal of Python in."""
    while True:
        pow(7, 10**7, 10**9 + 7)


def sleep(_contents):
    """Waits on the clock without any processor."""
    time.sleep(60)


def swell(_contents):
    """Wants more memory than there is."""
    return {"size": len(b"a" * (2 << 30))}, []


def die(_contents):
    """As a library that breaks does."""
    os.abort()


def fail(contents):
    """Raises, with what it was given in its message."""
    raise ValueError(contents[0].decode())


def call(_contents):
    """Tries every way out, and gives those that are open."""
    ways = {
        "network": lambda: socket.create_connection(("127.0.0.1", 9), 1),
        "file": lambda: Path("/etc/passwd").read_bytes(),
        "write": lambda: Path("/tmp/isolation-test").write_bytes(b"a"),  # noqa: S108
        "process": os.fork,
        "parent": lambda: Path(f"/proc/{os.getppid()}/environ").read_bytes(),
    }
    return {"open": [name for name, way in ways.items() if _is_open(way)]}, []


def _is_open(way) -> bool:
    try:
        if way() == 0:
            os._exit(0)
    except OSError as error:
        return isinstance(error, ConnectionError)  # it went out, nobody listened
    return True


def lie(_contents):
    """Announces far more than anyone should read."""
    return {}, [b"a" * 1000, b"b" * (2 << 20)]
