"""A real receiver on this machine, and a guard that sees every connection that the tests open."""

import http.server
import socket
import threading
import time

import pytest

from foundation.webhooks.services import telling


class Receiver:
    """An HTTP server on 127.0.0.1 that keeps what it gets; `answer` is what it says next."""

    def __init__(self):
        self.requests, self.answer, self.body, self.headers, self.drip = [], 200, b"ok", {}, 0
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                length = int(self.headers.get("Content-Length", 0))
                receiver.requests.append((self.path, dict(self.headers), self.rfile.read(length).decode()))
                self.send_response(receiver.answer)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                try:
                    for _drop in range(receiver.drip):
                        self.wfile.write(b".")
                        self.wfile.flush()
                        time.sleep(0.1)
                    self.wfile.write(receiver.body)
                except OSError:
                    pass

            do_GET = do_POST  # noqa: N815

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def port(self):
        return self.server.server_address[1]

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/recevoir?client=1"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def receiver(settings):
    """Another system, on this machine."""
    settings.WEBHOOKS_ALLOW_LOOPBACK = True
    server = Receiver()
    yield server
    server.close()


@pytest.fixture(autouse=True)
def outside(monkeypatch):
    """Every address that something here connects to, this machine apart; none of them is reached (Q8)."""
    tried, real = [], socket.socket.connect

    def connect(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1"):
            tried.append(address)
            raise ConnectionRefusedError("the tests stay on this machine")
        return real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    return tried


@pytest.fixture
def names(monkeypatch):
    """What each name resolves to; a list of lists is a name that changes its mind at each question."""
    table, real = {}, socket.getaddrinfo

    def getaddrinfo(host, port, *args, **kwargs):
        if host in table:
            found = table[host]
            if found and isinstance(found[0], list):
                found = found.pop(0) if len(found) > 1 else found[0]
            return [_row(address, port) for address in found]
        if host.replace(".", "").isdigit() or ":" in host:
            return real(host, port, *args, **kwargs)
        raise socket.gaierror("unknown name")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return table


def _row(address, port):
    if ":" in address:
        return (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, 0))
    return (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))


@pytest.fixture
def quiet_bell(monkeypatch):
    """The test sends by itself."""
    monkeypatch.setattr(telling, "_ring", lambda: None)
