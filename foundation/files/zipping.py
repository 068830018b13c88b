"""Many files as one zip, written while it is sent: nothing is held whole in memory nor on the disk."""

import zipfile
from collections.abc import Iterable, Iterator

EPOCH = (1980, 1, 1, 0, 0, 0)


class _Sink:
    """What zipfile writes into: it cannot go back, so each entry is followed by its sizes."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Keep what was written until it is sent."""
        self.parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits elsewhere."""

    def drain(self) -> bytes:
        """What was written since the last time."""
        parts, self.parts = self.parts, []
        return b"".join(parts)


def zipped(entries: Iterable[tuple[str, Iterable[bytes]]]) -> Iterator[bytes]:
    """A zip of these entries (name, chunks), stored as they are: the same entries give the same bytes."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for name, chunks in entries:
            with archive.open(zipfile.ZipInfo(name, EPOCH), "w") as entry:
                for chunk in chunks:
                    entry.write(chunk)
                    yield sink.drain()
            yield sink.drain()
    yield sink.drain()


def zipped_size(entries: Iterable[tuple[str, int]]) -> int:
    """The size in bytes of `zipped` for these entries (name, size), under 4 GiB in all."""
    # Local header 30, sizes after the entry 16, place in the directory 46, end 22 (PKWARE APPNOTE 4.3).
    return 22 + sum(30 + 16 + 46 + 2 * len(name.encode()) + size for name, size in entries)
