"""The whole file of a procedure as one archive: acts, documents, opened bids, contracts, extract of the journal."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from functools import partial

from django.core.files.storage import default_storage
from django.db.models import Q
from django.utils.text import slugify
from django.utils.timezone import localtime

from foundation.documents.models import Document
from foundation.documents.rules import documents_seen
from foundation.documents.selectors import documents_of_parts
from foundation.documents.storage import DamagedFileError
from foundation.files.enums import Verdict
from foundation.journal.models import Link
from tenders import selectors, services
from tenders.documents.dossiers import parts_of
from tenders.enums import BidState
from tenders.models import Deed, RequestedPiece, SealedPart, Tender

CHUNK_BYTES = 256 * 1024
INDEX, JOURNAL, READ_ME = "index.json", "journal.jsonl", "lisez-moi.txt"
WORDS = """Dossier complet de la consultation {reference}

index.json     chaque fichier de cette archive, sa nature, sa taille et son empreinte SHA-256
journal.jsonl  les lignes du journal qui concernent la consultation, ses plis et ses offres, avec leur rang et leur
               empreinte dans l'arbre du journal ; le vérificateur hors ligne les contrôle
actes/         les documents établis par la plateforme
dossier/       les documents de la consultation
plis/          les fichiers des plis ouverts ; ceux qui sont restés fermés ou en quarantaine n'y sont pas
contrats/      les pièces de l'attributaire et les actes signés

Établi le {when}. Conservation : art. R2184-12 du code de la commande publique.
"""


def archive_of(tender: Tender, *, by, at) -> list[tuple[str, Iterable[bytes]]]:
    """Every file of the procedure that `by` may read, behind its index. Bids are decrypted as they are sent.

    Raises NotInspectedError while a file of an opened bid waits for its check.
    """
    found = [*_acts(tender, by), *_dossier(tender), *_bids(tender, by, at), *_contracts(tender)]
    rows = [row for row, _entry in found]
    told = {"consultation": tender.reference, "etabli_le": localtime(at).isoformat(), "fichiers": rows}
    index = (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()
    words = WORDS.format(reference=tender.reference, when=f"{localtime(at):%d/%m/%Y %H:%M}").encode()
    return [
        (READ_ME, [words]),
        (INDEX, [index]),
        (JOURNAL, journal_lines(tender)),
        *(entry for _row, entry in found),
    ]


def _file(folder: str, name: str, read, sha256: str, **facts) -> tuple[dict, tuple[str, Iterable[bytes]]]:
    path = f"{folder}/{name}"
    return {"nom": path, "empreinte_sha256": sha256, **facts}, (path, _proved(path, read, sha256))


def _proved(path: str, read, sha256: str) -> Iterator[bytes]:
    """The bytes of a file, read when its turn comes. Raises DamagedFileError when they are not those of its digest:
    the download breaks off.
    """
    digest = hashlib.sha256()
    for chunk in read():
        digest.update(chunk)
        yield chunk
    if digest.hexdigest() != sha256:
        raise DamagedFileError(path)


def _stored(name: str) -> Iterator[bytes]:
    with default_storage.open(name, "rb") as stored:
        while chunk := stored.read(CHUNK_BYTES):
            yield chunk


def safe_name(rank: int, name: str) -> str:
    """A name that every disk accepts, its extension kept."""
    stem, dot, extension = name.rpartition(".")
    return f"{rank:03d}-{slugify(stem if dot else name)[:80] or 'fichier'}{dot}{slugify(extension) if dot else ''}"


def _acts(tender: Tender, by) -> Iterator[tuple]:
    for rank, document in enumerate(_documents(tender, by), start=1):
        for row in document.forms:
            name = safe_name(rank, f"{document.number} {document.title}.{row.form}")
            yield _file(
                "actes",
                name,
                partial(_stored, row.file.name),
                row.sha256,
                nature=str(document.kind_label),
            )


def _documents(tender: Tender, by) -> list[Document]:
    return list(documents_seen(by, documents_of_parts(parts_of(tender))))


def _dossier(tender: Tender) -> Iterator[tuple]:
    for rank, document in enumerate(tender.documents.all(), start=1):
        name = safe_name(rank, document.name)
        yield _file(
            "dossier", name, partial(_stored, document.file.name), document.sha256, nature=document.title
        )


def _bids(tender: Tender, by, at) -> Iterator[tuple]:
    """The files of the opened bids; one that carries a malicious program stays where it is, in quarantine, and so does
    a bid that was set aside. Raises NotInspectedError while one waits for its check.
    """
    parts = SealedPart.objects.filter(bid__tender=tender, bid__state=BidState.OPENED, opened__isnull=False)
    parts = parts.select_related(
        "bid__bidder", "bid__tender__buyer", "bid__round", "bid__key", "opened", "lot"
    ).order_by("bid__deposited_at", "position")
    services.require_inspection(list(parts))
    for rank, part in enumerate(selectors.with_inspections(parts), start=1):
        if part.inspection and part.inspection.verdict == Verdict.DANGEROUS:
            continue
        folder = f"plis/tour-{part.bid.round.number}-{slugify(part.bid.bidder.name)}"
        name = safe_name(rank, part.opened.name)
        read = partial(_opened, part, by, at)
        yield _file(folder, name, read, part.opened.sha256, nature="Pli ouvert", pli=str(part.bid_id))


def _opened(part: SealedPart, by, at):
    """The bytes of an opened file, each reading being a line of the journal."""
    return services.bid_file_read(part=part, by=by, at=at).chunks


def _contracts(tender: Tender) -> Iterator[tuple]:
    pieces = RequestedPiece.objects.filter(contract__award__lot__tender=tender).exclude(file="")
    deeds = Deed.objects.filter(contract__award__lot__tender=tender)
    for rank, row in enumerate([*pieces, *deeds], start=1):
        kind = row.label if isinstance(row, RequestedPiece) else "Acte signé"
        name = safe_name(rank, row.name)
        yield _file("contrats", name, partial(_stored, row.file.name), row.sha256, nature=kind)


def journal_lines(tender: Tender) -> Iterator[bytes]:
    """The lines of the journal on the consultation, its bids and its offers, with their place in the tree."""
    wanted = Q(pk=None)
    for label, identifiers in parts_of(tender):
        wanted |= Q(entry__object_type=label, entry__object_id__in=[str(pk) for pk in identifiers])
    links = Link.objects.filter(wanted).select_related("entry").order_by("index")
    for link in links.iterator():
        told = {"rang": link.index, "empreinte": link.leaf_hash, "ligne": link.line}
        yield (json.dumps(told, ensure_ascii=False) + "\n").encode()
