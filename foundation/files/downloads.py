"""What is needed to send a file: its facts, and how to open it between two places."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.core.files.storage import default_storage


@dataclass(frozen=True)
class Download:
    """A file ready to be sent. `open(start, stop)` gives its bytes in [start, stop); it is called for a real
    reading only, never for HEAD. `is_public`: anyone may read it, so caches may keep it.
    """

    name: str
    media_type: str
    size: int
    digest: str
    open: Callable[[int, int], Iterator[bytes]]
    is_public: bool = False


def stored(
    storage_name: str, *, name: str, media_type: str, size: int, digest: str, is_public: bool = False
) -> Download:
    """A file of the default storage, disk or S3."""
    return Download(
        name, media_type, size, digest, lambda start, stop: read_stored(storage_name, start, stop), is_public
    )


def read_stored(storage_name: str, start: int, stop: int) -> Iterator[bytes]:
    """The bytes of a stored file between two places. Raises OSError at once when the file is missing."""
    return default_storage.read_range(storage_name, start, stop)


def between(chunks: Iterator[bytes], start: int, stop: int) -> Iterator[bytes]:
    """The part [start, stop) of a content that can only be read from its beginning (a decrypted one)."""
    place = 0
    for chunk in chunks:
        if place >= stop:
            return
        piece = chunk[max(0, start - place) : stop - place]
        place += len(chunk)
        if piece:
            yield piece
