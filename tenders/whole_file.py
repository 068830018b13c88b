"""The whole file of a consultation as one zip: written while it is sent, resumable, the same for everyone."""

import hashlib
from dataclasses import dataclass
from itertools import chain
from pathlib import PurePosixPath

from django.utils.text import slugify
from django.utils.translation import gettext as _

from foundation.documents.enums import DocumentState
from foundation.files.downloads import Download, between, read_stored
from foundation.files.names import safe_name
from foundation.files.zipping import zipped, zipped_size
from tenders.models import PaperVersion, Tender

LARGEST = 4 * 1024**3 - 1
"""Above, the format changes its sizes and the whole could not be announced."""
DIGESTS = "empreintes-sha256.txt"


@dataclass(frozen=True)
class Piece:
    """A file of the consultation, under the name that it takes in the zip."""

    name: str
    stored: str
    size: int
    sha256: str


def pieces_of(tender: Tender, papers: list[PaperVersion]) -> list[Piece]:
    """The written papers that are laid out already (RC, CCAP, CCTP, AE), then the buyer's files in their order, each
    under a name that every disk accepts, none twice.
    """
    ready = [one for one in papers if one.document and one.document.state == DocumentState.READY]
    pieces, taken = [_paper(tender, version) for version in ready], {DIGESTS}
    taken.update(piece.name.casefold() for piece in pieces)
    for document in tender.documents.all():
        name = _free(safe_name(document.name), taken)
        pieces.append(Piece(name, document.file.name, document.size, document.sha256))
    return pieces


def _paper(tender: Tender, version: PaperVersion) -> Piece:
    made = version.document
    name = f"{tender.reference}-{version.kind}-v{version.number}.{made.form}"
    return Piece(name, made.file.name, made.size, made.sha256)


def _free(name: str, taken: set[str]) -> str:
    path, rank, found = PurePosixPath(name), 1, name
    while found.casefold() in taken:
        rank += 1
        found = f"{path.stem}-{rank}{path.suffix}"
    taken.add(found.casefold())
    return found


def whole_file(tender: Tender, papers: list[PaperVersion]) -> Download | None:
    """The zip, ready to be sent in whole or in part; None without any file, or too large for one zip.

    `papers` are those that are published, each with its document.

    It is named by what it holds: the digest of the list of digests, so that a cache never gives an old one.
    """
    pieces = pieces_of(tender, papers)
    listing = "".join(f"{piece.sha256}  {piece.name}\n" for piece in pieces).encode()
    size = zipped_size([(DIGESTS, len(listing)), *((piece.name, piece.size) for piece in pieces)])
    if not pieces or size > LARGEST:
        return None

    def chunks(start: int, stop: int):
        entries = ((piece.name, read_stored(piece.stored, 0, piece.size)) for piece in pieces)
        return between(zipped(chain([(DIGESTS, [listing])], entries)), start, stop)

    name = slugify(_("%(reference)s dossier de consultation") % {"reference": tender.reference}) + ".zip"
    digest = hashlib.sha256(listing).hexdigest()
    return Download(name, "application/zip", size, digest, chunks, is_public=tender.is_public)
