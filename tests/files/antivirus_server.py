"""A small server that speaks clamd's protocol on this machine: PING and INSTREAM, told what to answer."""

import socketserver
import struct
import threading
from contextlib import contextmanager

from foundation.files.checks.signatures import EICAR


class _Handler(socketserver.StreamRequestHandler):
    def handle(self):
        command = self.rfile.readline().strip().lstrip(b"nz").rstrip(b"\0")
        if command == b"PING":
            self.wfile.write(b"PONG\n")
        elif command == b"INSTREAM":
            self.server.received.append(content := self._content())
            self.wfile.write(self.server.answer(content) + b"\n")

    def _content(self) -> bytes:
        content = b""
        while length := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
        return content


def as_clamd(content: bytes) -> bytes:
    """What clamd answers: the signature's name, or OK."""
    return b"stream: Eicar-Test-Signature FOUND" if EICAR in content or b"ver" in content else b"stream: OK"


@contextmanager
def serving(answer=as_clamd):
    """The address of a running server, and what it received."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Handler) as server:
        server.answer, server.received, server.daemon_threads = answer, [], True
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"tcp://127.0.0.1:{server.server_address[1]}", server.received
        server.shutdown()
