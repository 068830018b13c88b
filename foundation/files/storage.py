"""The disk as a storage that keeps its word: a saved file survives a power cut."""

import os
from collections.abc import Iterator
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible

CHUNK_BYTES = 256 * 1024
STORAGE_FAILURES = (OSError, BotoCoreError, ClientError)
"""What a storage raises that does not do what it is asked, on the disk or elsewhere."""


@deconstructible(path="foundation.files.storage.DurableStorage")
class DurableStorage(FileSystemStorage):
    """Files on disk; `save` returns once the file and its place in the folder are written."""

    def _save(self, name, content):
        name = super()._save(name, content)
        path = Path(self.path(name))
        _sync(path)
        _sync(path.parent)
        return name

    def read_range(self, name: str, start: int, stop: int) -> Iterator[bytes]:
        """The bytes [start, stop). Raises OSError at once when the file is missing."""
        return _read(self.open(name, "rb"), start, stop)


def _read(handle, start: int, stop: int) -> Iterator[bytes]:
    with handle:
        handle.seek(start)
        left = stop - start
        while left > 0 and (chunk := handle.read(min(CHUNK_BYTES, left))):
            left -= len(chunk)
            yield chunk


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
