"""How the two sides talk: frames of eight bytes of length and a body, facts as JSON, contents as they are."""

import json
import struct
from collections.abc import Callable

LENGTH = struct.Struct(">Q")


def packed(facts: dict, contents: list[bytes]) -> list[bytes]:
    """The pieces of a message, in their order."""
    head = json.dumps({"facts": facts, "contents": len(contents)}, default=str).encode()
    pieces = []
    for body in (head, *contents):
        pieces += [LENGTH.pack(len(body)), body]
    return pieces


def unpacked(read: Callable[[int], bytes]) -> tuple[dict, list[bytes]]:
    """The message that `read(count)` gives piece by piece. Raises EOFError, ValueError when it is none."""
    head = json.loads(_frame(read))
    return head["facts"], [_frame(read) for _content in range(head["contents"])]


def _frame(read: Callable[[int], bytes]) -> bytes:
    (length,) = LENGTH.unpack(read(LENGTH.size))
    return read(length)
