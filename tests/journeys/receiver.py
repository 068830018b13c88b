"""The other system: receives what the platform sends, and checks its signature (Standard Webhooks) by itself."""

import base64
import hashlib
import hmac
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

PATIENCE = 60.0


class Receiver:
    """Keeps what arrived: headers and body, in order."""

    def __init__(self) -> None:
        self.received: list[tuple[dict[str, str], bytes]] = []
        self.url = ""

    def wait(self, count: int) -> tuple[dict[str, str], bytes]:
        """The message number `count`, once it has come."""
        give_up_at = time.monotonic() + PATIENCE
        while len(self.received) < count:
            assert time.monotonic() < give_up_at, f"only {len(self.received)} of {count} messages came"
            time.sleep(0.1)
        return self.received[count - 1]


def is_signed(message: tuple[dict[str, str], bytes], secret: str) -> bool:
    """Whether one of the signatures of this message was made with this secret."""
    headers, body = message
    key = base64.b64decode(secret.removeprefix("whsec_"))
    text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
    return expected in headers["webhook-signature"].split(" ")


@contextmanager
def listening() -> Iterator[Receiver]:
    """A receiver on a free port of this machine."""
    kept = Receiver()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name http.server calls
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.received.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *words) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Door)
    kept.url = f"http://127.0.0.1:{server.server_port}/jalon"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
