"""A check that spins, swells or dies, by the content it is given."""

import os


def warm() -> None:
    """Nothing to read before."""


def work(_facts: dict, contents: list[bytes]) -> tuple[dict, list[bytes]]:
    """Find nothing, unless told to break."""
    while contents[0] == b"spin":
        pass
    if contents[0] == b"swell":
        contents.append(b"a" * (1 << 30))
    if contents[0] == b"die":
        os.abort()
    return {}, []
