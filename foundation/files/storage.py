"""The disk as a storage that keeps its word: a saved file survives a power cut."""

import os
from pathlib import Path

from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible


@deconstructible(path="foundation.files.storage.DurableStorage")
class DurableStorage(FileSystemStorage):
    """Files on disk; `save` returns once the file and its place in the folder are written."""

    def _save(self, name, content):
        name = super()._save(name, content)
        path = Path(self.path(name))
        _sync(path)
        _sync(path.parent)
        return name


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
