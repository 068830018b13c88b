"""A worker of gunicorn that gives no thread to who sends slowly.

gunicorn's `gthread` gives a thread to a connection at its first byte: as many unfinished requests as there are threads
stop the site. Here the head of a request and the first 64 KiB of its body arrive in the loop of the worker, which
waits for thousands at once; only then is a thread given. What is longer goes on arriving in a thread, so that a bid is
sealed as it comes and nothing of it touches a disk in clear: these threads are a pool apart, of which one address has
a share only. Everywhere the same pace is asked, and who falls behind is cut.
"""

import contextlib
import fcntl
import os
import re
import socket
import sys
import termios
import time
from collections import Counter, deque
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn import util
from gunicorn.workers.gthread import TConn, ThreadWorker

PATIENCE = 15
"""Seconds that a client may lose on the pace before it is cut; what it sends faster does not lengthen them."""
RATE = 4096
"""The pace: bytes a second, of heads and of bodies."""
HEAD_LIMIT = HELD = 64 * 1024
"""Bytes: the longest head, and what has arrived of a body before a thread is given."""
SEND_SECONDS = 30
"""Seconds within which a client takes a piece of its answer."""
LINGER = 2
"""Seconds that a client has to read its answer before the connection is closed for good."""
UPLOAD_THREADS = int(os.environ.get("WEB_UPLOAD_THREADS") or 16)
SHARE = max(1, UPLOAD_THREADS // 4)
"""Threads of the pool that one address may have at once; its other bodies wait for their turn, none is refused."""
PROXIES = int(os.environ.get("TRUSTED_PROXY_COUNT") or 0)
CONNECTIONS = int(os.environ.get("WEB_CONNECTIONS_PER_ADDRESS") or 256)
"""Connections of one address to one process, when there is no proxy whose address all would have."""

TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
TOO_LONG = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"

_LENGTH = re.compile(rb"(?im)^content-length:[ \t]*(\d{1,15})[ \t]*\r$")
_CHUNKED = re.compile(rb"(?im)^transfer-encoding:")
_EXPECTS = re.compile(rb"(?im)^expect:[ \t]*100-continue[ \t]*\r$")
_FORWARDED = re.compile(rb"(?im)^x-forwarded-for:([^\r\n]*)\r$")


class PacedSocket(socket.socket):
    """The connection of a client: it may neither send nor take slower than the pace."""

    credit: float = PATIENCE

    def arrived(self, size: int, seconds: float) -> None:
        """Count `size` bytes that took `seconds` to come."""
        self.credit = min(PATIENCE, self.credit - seconds + size / RATE)

    def take(self) -> bytes:
        """What is there. Raises BlockingIOError when nothing is."""
        return super().recv(HELD)

    def recv(self, *arguments: Any) -> bytes:
        """Wait for bytes, as long as the pace allows. Raises TimeoutError."""
        if self.credit <= 0:
            raise TimeoutError("slower than the pace")
        begun = time.monotonic()
        self.settimeout(self.credit)
        data = b""
        try:
            data = super().recv(*arguments)
        finally:
            self.arrived(len(data), time.monotonic() - begun)
            self.settimeout(SEND_SECONDS)
        return data

    def setblocking(self, flag: bool) -> None:
        """To block is to wait `SEND_SECONDS`, never for ever."""
        self.settimeout(SEND_SECONDS if flag else 0)


class Client(TConn):
    """A connection, and what has arrived of its next request."""

    def __init__(self, *arguments: Any, leave: Any) -> None:
        super().__init__(*arguments)
        self.leave = leave
        self.peer = self.origin = self.client[0] if isinstance(self.client, tuple) else ""
        self.is_gone = False
        self.data_ready = True  # gunicorn need not wait for the first byte

    def begin(self) -> None:
        """A request may arrive; its first bytes may have come with the one before."""
        ahead = self.parser.unreader.take_buffered() if self.parser else b""
        self.arrived = bytearray(ahead)
        self.head_ends = self.size = self.left = 0
        self.streams = False
        self.sock.setblocking(False)
        self.sock.credit = PATIENCE
        self.heard_at = time.monotonic()
        self._read_head()

    def hear(self, data: bytes) -> None:
        """Some more of the request."""
        now = time.monotonic()
        self.sock.arrived(len(data), now - self.heard_at)
        self.heard_at = now
        self.arrived += data
        if not self.head_ends:
            self._read_head()

    @property
    def deadline(self) -> float:
        """When it is too slow if nothing comes until then."""
        return self.heard_at + self.sock.credit

    @property
    def is_too_long(self) -> bool:
        """Whether this can be the head of no request."""
        return not self.head_ends and len(self.arrived) > HEAD_LIMIT

    @property
    def is_ready(self) -> bool:
        """Whether a thread would find the whole request, or enough of one that streams."""
        return bool(self.head_ends) and len(self.arrived) - self.head_ends >= min(self.size, HELD)

    def _read_head(self) -> None:
        """What decides who serves it; gunicorn then reads the head again, and judges it."""
        end = self.arrived.find(b"\r\n\r\n")
        if end < 0:
            return
        self.head_ends, head = end + 4, bytes(self.arrived[: end + 2])
        length = _LENGTH.search(head)
        self.size = int(length[1]) if length else 0
        self.streams = self.size > HELD or bool(_CHUNKED.search(head))
        self.origin = _origin(head) or self.peer
        if _EXPECTS.search(head):
            with contextlib.suppress(OSError):
                self.sock.send(CONTINUE)

    def lags(self, now: float) -> bool:
        """Whether too little came while it waits for its turn: it is read by nobody, the kernel holds what comes."""
        waited = now - self.heard_at - PATIENCE
        if waited <= 0:
            return False
        held = int.from_bytes(fcntl.ioctl(self.sock, termios.FIONREAD, bytes(4)), sys.byteorder)
        return held < min(self.left, waited * RATE, HELD / 2)

    def hand_over(self) -> None:
        """Give gunicorn what has arrived."""
        self.init()
        self.sock.setblocking(True)
        self.parser.unreader.unread(bytes(self.arrived))
        self.left = max(0, self.size - (len(self.arrived) - self.head_ends))
        self.arrived = bytearray()

    def close(self, graceful: bool = False) -> None:
        """Once; the worker does it, since nobody waits here for the other side."""
        if not self.is_gone:
            self.is_gone = True
            self.leave(self, graceful)


def _origin(head: bytes) -> str:
    """The address that our own proxies say the request comes from; empty when there is none."""
    hops = [hop.strip() for hop in b",".join(_FORWARDED.findall(head)).split(b",") if hop.strip()]
    return hops[-PROXIES].decode("latin-1") if 0 < PROXIES <= len(hops) else ""


class PatientWorker(ThreadWorker):
    """`gthread` whose threads are given to requests that have arrived."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.arriving: set[Client] = set()
        self.leaving: dict[Client, float] = {}
        self.peers: Counter[str] = Counter()
        self.sending: Counter[str] = Counter()
        self.queued: deque[Client] = deque()
        self.looks_at = 0.0

    def init_process(self) -> None:
        """The pool of what streams; then gunicorn's own, and its loop, from which this returns at the end."""
        self.uploads = ThreadPoolExecutor(UPLOAD_THREADS, thread_name_prefix="upload")
        super().init_process()

    def accept(self, listener: socket.socket) -> None:
        """A new connection: no thread yet."""
        try:
            accepted, address = listener.accept()
        except OSError:  # gone meanwhile, or no descriptor left: the loop comes back
            return
        sock = PacedSocket(fileno=accepted.detach())
        client = Client(self.cfg, sock, address, listener.getsockname(), leave=self.part)
        self.nr_conns += 1
        self.peers[client.peer] += 1
        if not PROXIES and self.peers[client.peer] > CONNECTIONS:
            self._drop(client)
        else:
            self.enqueue_req(client)

    def enqueue_req(self, client: Client) -> None:
        """Where gunicorn gives a thread: we wait for the request first."""
        client.begin()
        self.arriving.add(client)
        self.poller.register(client.sock, EVENT_READ, partial(self._hear, client))
        self._consider(client)

    def _hear(self, client: Client, sock: PacedSocket) -> None:
        try:
            data = sock.take()
            if data:
                client.hear(data)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self._consider(client)
        else:
            self._drop(client)

    def _consider(self, client: Client) -> None:
        if client.is_too_long:
            self._drop(client, TOO_LONG)
        elif client.is_ready:
            self._forget(client)
            client.hand_over()
            if client.streams and self.sending[client.origin] >= SHARE:
                self.queued.append(client)
            else:
                self._serve(client)

    def _serve(self, client: Client) -> None:
        """Give a thread, of the pool that it should have."""
        if client.streams:
            self.sending[client.origin] += 1
        pool = self.uploads if client.streams else self.tpool
        done = pool.submit(self.handle, client)
        done.add_done_callback(lambda future: self.method_queue.defer(self.finish_request, client, future))

    def finish_request(self, client: Client, future: Future) -> None:
        """Answered: the turn of another body of the same address."""
        if client.streams:
            self.sending[client.origin] -= 1
            following = next((one for one in self.queued if one.origin == client.origin), None)
            if following:
                self.queued.remove(following)
                self._serve(following)
        super().finish_request(client, future)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """As gunicorn does; and about every second, cut who is too slow."""
        super().wait_for_and_dispatch_events(timeout)
        now = time.monotonic()
        if now < self.looks_at:
            return
        self.looks_at = now + 1
        for client in [one for one in self.arriving if one.deadline <= now]:
            self._drop(client, TOO_SLOW if client.arrived else b"")
        if not self.alive:
            for client in [one for one in self.arriving if not one.arrived]:
                self._drop(client)
        for client in [one for one in self.queued if one.lags(now)]:
            self.queued.remove(client)
            self._drop(client, TOO_SLOW)
        for client in [one for one, until in self.leaving.items() if until <= now]:
            self._close(client)

    def _drop(self, client: Client, answer: bytes = b"") -> None:
        self._forget(client)
        self.nr_conns -= 1
        with contextlib.suppress(OSError):
            client.sock.send(answer)
        client.close(graceful=bool(answer))

    def _forget(self, client: Client) -> None:
        if client in self.arriving:
            self.arriving.remove(client)
            self.poller.unregister(client.sock)

    def part(self, client: Client, graceful: bool) -> None:
        """End a connection; one that was answered has `LINGER` seconds to read it, and the loop does not wait."""
        self.peers[client.peer] -= 1
        if not self.peers[client.peer]:
            del self.peers[client.peer]
        if not graceful:
            util.close(client.sock)
            return
        try:
            client.sock.setblocking(False)
            client.sock.shutdown(socket.SHUT_WR)
            self.poller.register(client.sock, EVENT_READ, partial(self._drain, client))
        except (OSError, ValueError):
            util.close(client.sock)
            return
        self.leaving[client] = time.monotonic() + LINGER

    def _drain(self, client: Client, sock: PacedSocket) -> None:
        try:
            data = sock.take()
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._close(client)

    def _close(self, client: Client) -> None:
        del self.leaving[client]
        self.poller.unregister(client.sock)
        util.close(client.sock)
