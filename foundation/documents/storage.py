"""Where printed files are kept: under the name of their own content, and only when they are whole."""

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from foundation.documents.press.printed import Printed


class DamagedFileError(Exception):
    """What was read back from the storage is not what was written."""


def put(printed: Printed) -> str:
    """Store the file and return its name. Raises DamagedFileError when reading it back gives other bytes.

    The name comes from the content: rendering twice the same document stores one file. A file cut
    short by a crash is recognised by its digest and replaced; no row ever points to it.
    """
    digest = printed.sha256
    name = f"documents/{digest[:2]}/{digest}.{printed.form}"
    if default_storage.exists(name):
        if _digest_on_disk(name) == digest:
            return name
        default_storage.delete(name)
    name = default_storage.save(name, ContentFile(printed.content))
    if _digest_on_disk(name) != digest:
        raise DamagedFileError(name)
    return name


def _digest_on_disk(name: str) -> str:
    with default_storage.open(name) as stored:
        return hashlib.file_digest(stored, "sha256").hexdigest()


def remove(name: str) -> None:
    """Take a file away; harmless when it is already gone."""
    default_storage.delete(name)
