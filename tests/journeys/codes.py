"""A telephone with an application of codes (RFC 6238), written apart from the platform's."""

import base64
import hashlib
import hmac
import struct
import time

PERIOD = 30


class Telephone:
    """Gives the codes of one key, never the same one twice: the platform takes each once."""

    def __init__(self, key: str) -> None:
        letters = key.replace(" ", "")
        self._key = base64.b32decode(letters + "=" * (-len(letters) % 8))
        self._last = int(time.time()) // PERIOD - 2

    def code(self) -> str:
        """Six digits: of the previous period, then of the present one, then of the next, which are all taken."""
        now = int(time.time()) // PERIOD
        self._last = max(self._last + 1, now - 1)
        while self._last > int(time.time()) // PERIOD + 1:
            time.sleep(0.5)
        return self._digits(self._last)

    def _digits(self, counter: int) -> str:
        stamp = hmac.new(self._key, struct.pack(">Q", counter), hashlib.sha1).digest()
        start = stamp[-1] & 0x0F
        return f"{(struct.unpack_from('>I', stamp, start)[0] & 0x7FFFFFFF) % 1_000_000:06d}"
