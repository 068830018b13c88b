"""Clients that send a byte now and then, from an address of their own, all in one thread; loopback only."""

import contextlib
import socket
import threading
import time

PULSE = 1.0
"""Seconds between two bytes of each client."""


class Drippers:
    """Connections begun with `openings`, then fed a byte a second until they are cut or `stop()` is called."""

    def __init__(self, port: int, openings: list[bytes], *, source: str = "127.0.0.2") -> None:
        self.lives: dict[socket.socket, float | None] = {}
        self._stopping = threading.Event()
        self.started = time.monotonic()
        for opening in openings:
            client = socket.create_connection(("127.0.0.1", port), timeout=10, source_address=(source, 0))
            client.settimeout(1)
            with contextlib.suppress(OSError):  # who takes none of it leaves it in the network
                client.sendall(opening)
            client.setblocking(False)
            self.lives[client] = None
        self._thread = threading.Thread(target=self._drip, daemon=True)
        self._thread.start()

    @property
    def alive(self) -> int:
        """How many are still connected."""
        return sum(ended is None for ended in self.lives.values())

    def wait(self, seconds: float) -> int:
        """How many are left once all are gone, or after `seconds`."""
        give_up_at = time.monotonic() + seconds
        while self.alive and time.monotonic() < give_up_at:
            time.sleep(0.2)
        return self.alive

    def stop(self) -> None:
        """Close what is left."""
        self._stopping.set()
        self._thread.join()
        for client in self.lives:
            client.close()

    def _drip(self) -> None:
        while not self._stopping.wait(PULSE):
            for client, ended in self.lives.items():
                if ended is None and _is_cut(client):
                    self.lives[client] = time.monotonic() - self.started


def _is_cut(client: socket.socket) -> bool:
    """Send a byte, and see whether the other side has closed (an answer without the end is no end)."""
    try:
        while client.recv(4096):
            pass
    except BlockingIOError:
        pass
    except OSError:
        return True
    else:
        return True
    try:
        client.send(b"a")
    except BlockingIOError:
        return False
    except OSError:
        return True
    return False


HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "


def body(path: str, length: int, sent: int = 0, *, method: str = "POST", headers: str = "") -> bytes:
    """A whole head that announces `length` bytes, and the first `sent` of them."""
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"{headers}Content-Length: {length}\r\n\r\n"
    )
    return head.encode() + b"a" * sent
