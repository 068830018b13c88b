"""One POST to one checked IP address: no proxy, no redirection, little time, few bytes (U4)."""

import contextlib
import http.client
import socket
import ssl
import threading
import time
from dataclasses import dataclass

from django.utils.translation import gettext as _

from foundation.errors import Refusal
from foundation.webhooks import addresses
from foundation.webhooks.addresses import Target

CONNECT_SECONDS = 5
TOTAL_SECONDS = 15
READ_BYTES = 4096
EXCERPT = 500
USER_AGENT = "Jalon-Webhooks/1"


@dataclass(frozen=True)
class Answer:
    """What came back: a status and the first bytes as text, or the error in words."""

    status: int | None
    latency_ms: int
    excerpt: str = ""
    error: str = ""

    @property
    def is_success(self) -> bool:
        """2xx: anything else, a redirection included, is a failure."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        """410: the receiver asks for nothing more, ever."""
        return self.status == http.client.GONE


def post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Send `body` and tell what came back; whatever goes wrong outside is told in the answer, not raised."""
    began = time.monotonic()
    try:
        target = addresses.read(url)
        status, excerpt = _exchange(target, addresses.resolve(target)[0], body, headers)
        error = _("Redirection refusée.") if 300 <= status < 400 else ""
    except Refusal as refusal:
        status, excerpt, error = None, "", str(refusal)
    except TimeoutError:
        status, excerpt, error = None, "", _("Pas de réponse à temps.")
    except ssl.SSLError as failure:
        status, excerpt, error = None, "", _("Certificat ou chiffrement refusé (%s).") % _short(failure)
    except (OSError, http.client.HTTPException, UnicodeError, ValueError) as failure:
        status, excerpt, error = None, "", _("Connexion impossible (%s).") % _short(failure)
    latency = int((time.monotonic() - began) * 1000)
    return Answer(status, latency, excerpt, error[:250])


def _short(failure: Exception) -> str:
    # The name alone: words of the system may quote addresses.
    return type(failure).__name__


def _exchange(target: Target, address: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    """The request itself, over a connection to `address` and to nothing else."""
    connection = _Pinned(target, address)
    with contextlib.closing(connection), _Deadline(connection) as deadline:
        try:
            connection.request("POST", target.path, body=body, headers={**headers, "User-Agent": USER_AGENT})
            response = connection.getresponse()
            excerpt = response.read(READ_BYTES).decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            if deadline.passed:
                raise TimeoutError from None
            raise
        if deadline.passed:  # cut while reading: the end of the stream looks like the end of the answer
            raise TimeoutError
        return response.status, _printable(excerpt)


def _printable(text: str) -> str:
    """On one line, without control characters (the database takes no NUL, logs no new line)."""
    return "".join(char if char.isprintable() else " " for char in text)[:EXCERPT]


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was checked; the name serves for the certificate and `Host` only."""

    def __init__(self, target: Target, address: str) -> None:
        super().__init__(target.host, target.port, timeout=CONNECT_SECONDS)
        self.target, self.address = target, address
        # http.client forgets its socket as soon as the headers have come: the deadline needs it to the end.
        self.opened: socket.socket | None = None
        # `Host` has the port only when it is not the usual one.
        self.default_port = {"https": 443, "http": 80}[target.scheme]

    def connect(self) -> None:
        """Open the socket; TLS with the certificate of the name, checked against the system's authorities."""
        self.sock = socket.create_connection((self.address, self.target.port), timeout=CONNECT_SECONDS)
        if self.sock.getpeername()[0] != self.address:
            raise OSError("another peer")
        self.sock.settimeout(TOTAL_SECONDS)
        if self.target.scheme == "https":
            context, name = ssl.create_default_context(), self.target.host
            self.sock = context.wrap_socket(self.sock, server_hostname=name, do_handshake_on_connect=False)
        self.opened = self.sock
        if self.target.scheme == "https":
            self.sock.do_handshake()


class _Deadline:
    """Cuts the connection when the whole exchange lasts too long, however slowly the other side drips."""

    def __init__(self, connection: _Pinned) -> None:
        self.connection, self.passed = connection, False
        self.timer = threading.Timer(TOTAL_SECONDS, self._cut)
        self.timer.daemon = True

    def __enter__(self) -> "_Deadline":
        self.timer.start()
        return self

    def __exit__(self, *error) -> None:
        self.timer.cancel()

    def _cut(self) -> None:
        self.passed = True
        with contextlib.suppress(OSError, AttributeError):
            self.connection.opened.shutdown(socket.SHUT_RDWR)
