"""A site for tests of the server alone: it says how its bodies arrive, and answers as long as one asks."""

import os
from pathlib import Path


def application(environ, start_response):
    """`/arrivals` notes in a file what it has read, as it reads; `/big` answers 64 MiB; the rest counts its body."""
    if environ["PATH_INFO"] == "/big":
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(64 << 20))])
        return (b"x" * 65536 for _ in range(1024))
    notes = Path(os.environ["ARRIVALS"]) if environ["PATH_INFO"] == "/arrivals" else Path(os.devnull)
    size = 0
    try:
        while piece := environ["wsgi.input"].read(16384):
            size += len(piece)
            notes.write_text(str(size))
    except OSError as error:
        notes.write_text(f"{size} {type(error).__name__}")
    told = str(size).encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(told)))])
    return [told]
