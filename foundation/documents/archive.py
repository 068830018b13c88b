"""Many documents as one zip file, written while it is sent: nothing is held whole in memory nor on the disk."""

import hashlib
import json
from collections.abc import Iterable, Iterator

from django.core.files.storage import default_storage
from django.utils.text import slugify
from django.utils.timezone import localtime

from foundation.documents.models import Document
from foundation.documents.storage import DamagedFileError
from foundation.files.zipping import zipped

CHUNK_BYTES = 256 * 1024
DIGESTS, MANIFEST = "empreintes-sha256.txt", "manifeste.json"


def zip_stream(documents: Iterable[Document]) -> Iterator[bytes]:
    """A zip of every file of these documents, after their digests (for `sha256sum -c`) and their manifest.

    Raises DamagedFileError in the middle of a file that is not the one whose digest the row keeps: the download then
    breaks off, so that nobody keeps it.
    """
    documents = list(documents)
    names = _names(documents)
    yield from zipped(_entries(documents, names))


def _entries(documents: list[Document], names: dict) -> Iterator[tuple[str, Iterable[bytes]]]:
    yield DIGESTS, [_digests(names).encode()]
    yield MANIFEST, [_manifest(documents, names).encode()]
    for row, name in names.items():
        yield name, _checked(row)


def _checked(row) -> Iterator[bytes]:
    digest = hashlib.sha256()
    with default_storage.open(row.file.name, "rb") as stored:
        while chunk := stored.read(CHUNK_BYTES):
            digest.update(chunk)
            yield chunk
    if digest.hexdigest() != row.sha256:
        raise DamagedFileError(row.file.name)


def _names(documents: list[Document]) -> dict:
    """A name that every disk accepts for each file, in order, none twice."""
    names, taken = {}, set()
    for rank, document in enumerate(documents, start=1):
        stem = slugify(f"{document.number} {document.title}")[:80].strip("-") or "document"
        for row in document.forms:
            name = f"{stem}.{row.form}"
            if name in taken:
                name = f"{stem}-{rank}.{row.form}"
            taken.add(name)
            names[row] = name
    return names


def _digests(names: dict) -> str:
    return "".join(f"{row.sha256}  {name}\n" for row, name in names.items())


def _manifest(documents: list[Document], names: dict) -> str:
    rows = [
        {
            "identifiant": str(document.pk),
            "nature": str(document.kind_label),
            "numero": document.number,
            "titre": document.title,
            "etabli_le": localtime(document.created_at).isoformat(timespec="seconds"),
            "etat": str(document.get_state_display()),
            "empreinte_sha256": document.sha256,
            "fichiers": [
                {"nom": names[row], "taille": row.size, "empreinte_sha256": row.sha256}
                for row in document.forms
            ],
        }
        for document in documents
    ]
    return json.dumps({"documents": rows}, ensure_ascii=False, indent=1) + "\n"
