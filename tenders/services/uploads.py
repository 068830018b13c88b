"""Progressive sending: each piece is sealed as it arrives, waits as ciphertext, and survives a cut or a reload.

Nothing in clear is kept, on disk, in the database or elsewhere. When the device of the bidder seals, a piece is
ciphertext and is kept as it came; when the server does, each piece ends its own segment of the seal, so that no
remainder waits in clear. Depositing then writes rows only.
"""

import hashlib
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import BinaryIO

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Count, Max, Q, Sum
from django.http import UnreadablePostError
from django.utils.translation import gettext as _

from foundation.clock import database_now
from foundation.errors import Refusal
from foundation.files.checks import opening
from foundation.files.findings import Finding
from foundation.files.limits import MEBIBYTE
from foundation.files.names import safe_name
from foundation.files.profiles import FORMATS
from foundation.files.streaming import StreamCheck
from foundation.journal import services as journal
from tenders import sealing
from tenders.enums import PartKind, SealedBy, UploadEventKind, UploadState
from tenders.envelopes import SPOOL_BYTES, Envelope, SealedUpload, dealing_of, place_binding
from tenders.models import Lot, UploadedFile, UploadSession
from tenders.profiles import BID_FILE, bid_profile
from tenders.services.bids import envelope_for, is_part
from tenders.services.sendings import (
    keep_dealing,
    locked_session,
    note,
    open_session,
    sealed_by_server,
    still_open,
)

PIECE_LIMIT = 16 * 1024 * 1024
"""A piece is at most this long; what a cut connection brought of it is kept."""
FILE_LIMIT = 100
MOST_PIECES = 5000
"""Of one file: smaller pieces cost more than they carry."""
FACTS_LIMIT = 64 * 1024
IDLE = timedelta(hours=48)
"""How long a sending that stopped is kept after its last sign of life, once its deadline is past."""


@transaction.atomic
def upload_open(*, tender, bidder, by) -> UploadSession:
    """Begin a sending, or find again the one that `by` began for this firm in the round in force. Raises Refusal."""
    envelope = envelope_for(tender=tender, bidder=bidder, by=by)
    session, is_new = UploadSession.objects.get_or_create(
        round=envelope.round, bidder=bidder, opened_by=by, state=UploadState.OPEN
    )
    if is_new:
        note(session, UploadEventKind.OPENED)
    return session


@transaction.atomic
def upload_add_file(
    *, session: UploadSession, name: str, size: int, lot: Lot | None = None, by
) -> UploadedFile:
    """Announce a file that the server seals: its name is sealed at once and kept nowhere else. Raises Refusal for its
    name or size.
    """
    session = sealed_by_server(locked_session(session, by))
    name = safe_name(name)
    profile = bid_profile(session.round.tender)
    with _told(name):
        check = StreamCheck(name, profile)
        if size > profile.max_bytes:
            check.size = profile.max_bytes
            check.take(b" ")
        if size <= 0:
            raise Finding("empty")
    file = UploadedFile(id=uuid.uuid4(), session=session, lot=lot, size=size)
    facts = {"name": name, "content_type": FORMATS[check.extension], "size": size}
    file.sealed_facts = sealing.seal_facts(facts, bytes(session.public_key), _place(file, "facts"))
    return _announce(file)


@transaction.atomic
def upload_add_sealed(
    *, session: UploadSession, file_id: uuid.UUID, size: int, sealed_facts: bytes, lot: Lot | None = None, by
) -> UploadedFile:
    """Announce a file that the device seals: `size` counts its ciphertext. Its name and its type are in
    `sealed_facts`, checked at the opening. Raises Refusal.
    """
    session = locked_session(session, by)
    if session.sealed_by not in {SealedBy.DEVICE, SealedBy.PROGRAM}:
        raise Refusal(_("Donnez d'abord la clé de cet envoi et ses parts."), code="conflict")
    if known := session.files.filter(pk=file_id).first():
        return known
    is_taken = UploadedFile.objects.filter(pk=file_id).exists() or is_part(file_id)
    if is_taken or not 0 < len(sealed_facts) <= FACTS_LIMIT:
        raise Refusal(_("Ce fichier est mal annoncé : rechargez la page."), field="sealed_facts")
    limit = bid_profile(session.round.tender).max_bytes
    if size > sealing.sealed_length(limit):
        raise Refusal.of(
            [Finding("size", limit=limit // MEBIBYTE).reason(_("Ce fichier"), field="sealed_size")]
        )
    return _announce(UploadedFile(id=file_id, session=session, lot=lot, size=size, sealed_facts=sealed_facts))


def _announce(file: UploadedFile) -> UploadedFile:
    kept = file.session.files.filter(removed_at=None).aggregate(count=Count("pk"), bytes=Sum("size"))
    if kept["count"] >= FILE_LIMIT:
        raise Refusal(_("Un pli contient au plus %(count)d fichiers.") % {"count": FILE_LIMIT}, field="name")
    limit = file.session.round.tender.bid_limit_mib
    if (kept["bytes"] or 0) + file.size > sealing.sealed_length(limit * MEBIBYTE):
        message = _("Les fichiers d'un pli font au plus %(limit)d Mio en tout.")
        raise Refusal(message % {"limit": limit}, field="size")
    file.save(force_insert=True)
    note(file.session, UploadEventKind.STARTED, file, size=file.size)
    return file


def upload_receive(
    *, file: UploadedFile, offset: int, stream: BinaryIO, length: int = PIECE_LIMIT, by
) -> UploadedFile:
    """Seal a piece of `length` bytes that begins at `offset`; the file is whole once all its bytes are there.

    What a cut connection brought is kept. Raises Refusal: `conflict` when the piece is not
    the next one (read `received` and send again from there), else what is wrong with the content.
    """
    file = UploadedFile.objects.select_related("session__round__tender").get(pk=file.pk)
    _check_next(file, offset, by)
    if file.received == file.size:  # all had arrived when the server stopped: only joining was left
        return _complete(file)
    started = monotonic()
    name = f"tenders/uploads/{file.session_id}/{file.pk}/{uuid.uuid4().hex}"
    with tempfile.SpooledTemporaryFile(SPOOL_BYTES) as content:
        try:
            piece = _take_piece(file, stream, length, content)
        except Refusal:
            _forget(file, UploadEventKind.REFUSED)
            raise
        milliseconds = int((monotonic() - started) * 1000)
        if piece.size:
            content.seek(0)
            name = default_storage.save(name, File(content))
    try:
        file = _keep_piece(file, name, piece, milliseconds=milliseconds)
    except BaseException:
        default_storage.delete(name)
        raise
    return _complete(file) if file.received == file.size else file


def _check_next(file: UploadedFile, offset: int, by) -> None:
    open_session(file.session, by)
    if file.removed_at:
        raise Refusal(_("Ce fichier a été retiré de l'envoi."), code="conflict")
    if offset != file.received or file.is_complete:
        message = _("La suite de ce fichier commence à l'octet %(received)d : reprenez de là.")
        raise Refusal(message % {"received": file.received}, code="conflict", field="offset")


@dataclass(frozen=True)
class _Piece:
    """What a request brought: its bytes as the sender counts them, and the rank of the next segment of the seal."""

    size: int
    segments: int
    is_cut: bool


def _take_piece(file: UploadedFile, stream: BinaryIO, length: int, content: BinaryIO) -> _Piece:
    """Write the ciphertext of what the stream brings: sealed here, or as it came when the device sealed it."""
    if len(file.pieces) >= MOST_PIECES:
        raise Refusal(_("Envoyez ce fichier par morceaux plus grands : 1 Mio au moins."), field="length")
    wanted = min(PIECE_LIMIT, length, file.size - file.received)
    if file.session.sealed_by == SealedBy.SERVER:
        return _seal_piece(file, stream, wanted, content)
    brought = 0
    for chunk in _chunks(stream, wanted):
        content.write(chunk)
        brought += len(chunk)
    return _Piece(brought, 0, brought < wanted)


def _chunks(stream: BinaryIO, wanted: int) -> Iterator[bytes]:
    """What arrives of `wanted` bytes, until the connection is cut."""
    while wanted:
        try:
            chunk = stream.read(min(wanted, sealing.SEGMENT_BYTES))
        except (OSError, UnreadablePostError):
            return
        if not chunk:
            return
        wanted -= len(chunk)
        yield chunk


def _seal_piece(file: UploadedFile, stream: BinaryIO, wanted: int, content: BinaryIO) -> _Piece:
    sealer = sealing.Sealer(dealing_of(file.session).public_key, _place(file, "file"), file.segments)
    check = StreamCheck.resumed(bid_profile(file.session.round.tender), file.received)
    for chunk in _chunks(stream, wanted):
        with _told(_("Ce fichier")):
            _check_head(file, sealer, chunk)
            check.take(chunk)
        content.write(sealer.update(chunk))
    is_last = file.received + sealer.plain_size == file.size
    content.write(sealer.finish() if is_last else sealer.break_off())
    return _Piece(sealer.plain_size, sealer.next_index, sealer.plain_size < wanted)


def _check_head(file: UploadedFile, sealer: sealing.Sealer, chunk: bytes) -> None:
    """The first bytes of the file are those of one of the accepted types; which one is sealed with its name."""
    if file.received or sealer.plain_size:
        return
    opening.check_any_head(BID_FILE, chunk)


@transaction.atomic
def _keep_piece(file: UploadedFile, name: str, piece: _Piece, *, milliseconds: int) -> UploadedFile:
    kept = _locked_file(file)
    if kept.received != file.received or kept.removed_at or kept.session.state != UploadState.OPEN:
        raise Refusal(
            _("Un autre envoi de ce fichier est passé devant : reprenez où il en est."), code="conflict"
        )
    if piece.size:
        kept.pieces = [*kept.pieces, name]
        kept.received += piece.size
        kept.segments = piece.segments
        kept.save(update_fields=["pieces", "received", "segments"])
    is_cut = piece.is_cut and kept.received < kept.size
    kind = UploadEventKind.CUT if is_cut else UploadEventKind.RECEIVED
    note(kept.session, kind, kept, offset=file.received, size=piece.size, milliseconds=milliseconds)
    return kept


def _locked_file(file: UploadedFile) -> UploadedFile:
    rows = UploadedFile.objects.select_for_update(of=("self",)).select_related("session__round__tender")
    return rows.get(pk=file.pk)


def _complete(file: UploadedFile) -> UploadedFile:
    """Join the pieces where the deposit takes the file, with the digest of the whole ciphertext.

    Asked again, or by two requests at once, it joins once: the second waits for the first and finds the file whole.
    """
    with transaction.atomic():
        file = _locked_file(file)
        if file.is_complete or file.removed_at:
            return file
        pieces = file.pieces
        _join(file)
        note(file.session, UploadEventKind.COMPLETED, file, size=file.size)
    for piece in pieces:
        default_storage.delete(piece)
    return file


def _join(file: UploadedFile) -> None:
    digest = hashlib.sha256()
    with tempfile.SpooledTemporaryFile(SPOOL_BYTES) as whole:
        for piece in file.pieces:
            with default_storage.open(piece, "rb") as sealed:
                while data := sealed.read(sealing.SEGMENT_BYTES):
                    digest.update(data)
                    whole.write(data)
        file.sealed_size = whole.tell()
        whole.seek(0)
        place = f"tenders/sealed/{file.session.round.tender_id}/{file.session_id}/{file.pk}"
        stored = default_storage.save(place, File(whole))
    file.pieces, file.file.name, file.sealed_sha256 = [], stored, digest.hexdigest()
    file.save(update_fields=["pieces", "file", "sealed_size", "sealed_sha256"])


def upload_remove_file(*, file: UploadedFile, by) -> None:
    """Take a file out of a sending; its ciphertext is thrown away. Raises Refusal."""
    open_session(file.session, by)
    _forget(file, UploadEventKind.REMOVED)


def upload_abandon(*, session: UploadSession, by) -> UploadSession:
    """Give a sending up; its ciphertext is thrown away, what happened is kept. Raises Refusal."""
    return _abandon(open_session(session, by), by=by, at=database_now())


def uploads_purge(*, at) -> int:
    """Throw away the ciphertext of sendings that stopped long ago in a round that takes no more in time; gives how
    many.
    """
    idle = UploadSession.objects.annotate(last=Max("events__noted_at")).filter(
        Q(last__lt=at - IDLE), state=UploadState.OPEN, round__due_at__lt=at
    )
    sessions = list(idle.select_related("bidder"))
    for session in sessions:
        _abandon(session, by=None, at=at)
    return len(sessions)


def _abandon(session: UploadSession, *, by, at) -> UploadSession:
    for file in session.files.filter(removed_at=None):
        _forget(file, UploadEventKind.REMOVED)
    with transaction.atomic():
        session = still_open(session.pk)
        session.state, session.closed_at = UploadState.ABANDONED, at
        session.save(update_fields=["state", "closed_at"])
        note(session, UploadEventKind.ABANDONED)
        journal.record(
            by=by, action="tenders.upload_abandon", obj=session, at=at, organisation=session.bidder
        )
    return session


def _forget(file: UploadedFile, kind: str) -> None:
    """Erase the ciphertext of a file once its row says that it is gone."""
    with transaction.atomic():
        session = still_open(file.session_id)
        file = UploadedFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
        names = [*file.pieces, *([file.file.name] if file.file else [])]
        file.removed_at, file.pieces = database_now(), []
        file.save(update_fields=["removed_at", "pieces"])
        note(session, kind, file)
    for name in names:
        default_storage.delete(name)


def envelope_in_progress(*, tender, bidder, by) -> Envelope:
    """An envelope that already holds what `by` sent piece by piece for this firm. Raises Refusal."""
    envelope = envelope_for(tender=tender, bidder=bidder, by=by)
    session = UploadSession.objects.filter(
        round=envelope.round, bidder=bidder, opened_by=by, state=UploadState.OPEN
    ).first()
    return with_uploads(envelope, session) if session else envelope


def with_uploads(envelope: Envelope, session: UploadSession) -> Envelope:
    """The envelope of this sending, with its whole files."""
    envelope.session, envelope.bid_id = session, session.pk
    for file in session.files.filter(removed_at=None).exclude(sealed_sha256=""):
        envelope.parts.append(
            SealedUpload(
                id=file.pk,
                kind=PartKind.FILE,
                lot_id=file.lot_id,
                name="",
                plain_size=file.size,
                sealed_size=file.sealed_size,
                sealed_sha256=file.sealed_sha256,
                sealed_facts=bytes(file.sealed_facts),
                content=None,
                stored=file.file.name,
            )
        )
    return envelope


def upload_keep(*, envelope: Envelope, by, form: str = "") -> None:
    """Keep the files of a form that was not deposited, so that nobody sends them twice: only ciphertext is written.

    `form`: the number of the page that sent them; the same page sent again replaces what it had sent.
    """
    arrived = [part for part in envelope.parts if part.kind == PartKind.FILE and not part.stored]
    if not arrived:
        return
    with transaction.atomic():
        session = _sending_of(envelope, by)
        if form:
            for former in session.files.filter(form=form, removed_at=None):
                _forget(former, UploadEventKind.REMOVED)
                envelope.parts = [part for part in envelope.parts if part.id != former.pk]
        for part in arrived:
            part.content.seek(0)
            place = f"tenders/sealed/{envelope.tender.pk}/{session.pk}/{part.id}"
            part.stored = default_storage.save(place, ContentFile(part.content.read()))
            _keep_whole(session, part, form)
    envelope.session = session


def _sending_of(envelope: Envelope, by) -> UploadSession:
    """The sending of an envelope, with the key that its files were just sealed for."""
    dealing = envelope.dealing
    session = envelope.session or UploadSession(
        id=envelope.bid_id, round=envelope.round, bidder=envelope.bidder, opened_by=by
    )
    if envelope.session is None:
        session.save(force_insert=True)
    if not session.sealed_by:
        return keep_dealing(session, dealing)
    return session


def _keep_whole(session: UploadSession, part: SealedUpload, form: str) -> None:
    file = UploadedFile.objects.create(
        id=part.id,
        session=session,
        lot_id=part.lot_id,
        size=part.plain_size,
        received=part.plain_size,
        sealed_facts=part.sealed_facts,
        form=form,
        file=part.stored,
        sealed_size=part.sealed_size,
        sealed_sha256=part.sealed_sha256,
    )
    note(session, UploadEventKind.COMPLETED, file, size=file.size)


def _place(file: UploadedFile, purpose: str) -> sealing.Binding:
    session = file.session
    place = (session.round.tender_id, session.round_id, file.lot_id, session.bidder_id, session.pk, file.pk)
    return place_binding(purpose, place)


@contextmanager
def _told(name: str):
    """What a check finds, as the bidder is told it."""
    try:
        yield
    except Finding as found:
        raise Refusal.of([found.reason(name, types=BID_FILE.words, field="name")]) from found
