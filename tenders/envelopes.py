"""An envelope being filled: parts sealed one by one for one bid, before the short transaction that
deposits them.
"""

import tempfile
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import BinaryIO

from foundation.accounts.models import Organisation
from foundation.errors import Reason, Refusal
from foundation.files.findings import Finding
from foundation.files.names import safe_name
from foundation.files.profiles import FORMATS
from foundation.files.streaming import StreamCheck
from foundation.nested import with_rows
from tenders import sealing
from tenders.enums import PartKind
from tenders.models import Lot, Round, SealedPart, Tender, UploadSession
from tenders.profiles import BID_FILE

SPOOL_BYTES = 2 * 1024 * 1024
"""Ciphertext above this waits in a temporary file; plaintext never does."""


def binding_of(part: SealedPart, purpose: str) -> sealing.Binding:
    """The place where a stored part opens, read from the rows that hold it."""
    place = (part.bid.tender_id, part.lot_id, part.bid.bidder_id, part.bid_id, part.id)
    return place_binding(purpose, place)


def place_binding(purpose: str, place: tuple) -> sealing.Binding:
    """`place`: consultation, lot or None, bidder, bid, part."""
    tender, lot, bidder, bid, part = ("" if one is None else str(one) for one in place)
    return sealing.Binding(purpose, tender=tender, lot=lot, bidder=bidder, bid=bid, part=part)


@dataclass
class SealedUpload:
    """A part sealed and not yet deposited. `name` and `plain_size` live in memory only, to tell the bidder
    at once.
    """

    id: uuid.UUID
    kind: str
    lot_id: int | None
    name: str
    plain_size: int
    sealed_size: int
    sealed_sha256: str
    sealed_facts: bytes | None
    content: BinaryIO | None
    stored: str = ""
    """Its name in the storage when it arrived before, piece by piece; then it has no `content`."""


@dataclass
class Envelope:
    """What a bidder is about to deposit. Everything in it is bound to `bid_id`, chosen before the first
    byte.
    """

    tender: Tender
    round: Round
    bidder: Organisation
    public_key: bytes
    session: UploadSession | None = None
    bid_id: uuid.UUID = field(default_factory=uuid.uuid4)
    parts: list[SealedUpload] = field(default_factory=list)
    refusals: list[Reason] = field(default_factory=list)
    is_backup: bool = False
    recipients: list = field(default_factory=list)
    """Who is told of the deposit, found before its short transaction."""

    @cached_property
    def lots(self) -> dict[int, Lot]:
        """The lots by their identifier, with what a firm fills in: one query."""
        return {lot.pk: lot for lot in with_rows(self.tender.lots.all(), "price_lines", "impact_questions")}

    def file_sealer(self, name: str, lot: Lot | None = None) -> "FileSealer":
        """A sealer for one file that arrives chunk by chunk."""
        return FileSealer(self, name, lot.pk if lot else None)

    def seal_file(self, name: str, chunks: Iterable[bytes], lot: Lot | None = None) -> SealedUpload:
        """Seal a whole file into the envelope. Raises Refusal for a name, a type or a size that is not
        accepted.
        """
        sealer = self.file_sealer(name, lot)
        for chunk in chunks:
            sealer.take(chunk)
        return sealer.close()

    def seal_prices(self, lot: Lot, prices: dict[str, str]) -> SealedUpload:
        """Seal the unit prices of a lot ({code: amount}), padded so that their length tells nothing."""
        return self._seal_facts(PartKind.PRICES, lot, {"prices": prices})

    def seal_answers(self, lot: Lot, answers: dict) -> SealedUpload:
        """Seal the answers to the questions asked on a lot."""
        return self._seal_facts(PartKind.ANSWERS, lot, answers)

    def seal_candidature(self, candidature: dict) -> SealedUpload:
        """Seal the candidature: declarations, consortium, capacities."""
        return self._seal_facts(PartKind.CANDIDATURE, None, candidature)

    def _seal_facts(self, kind: str, lot: Lot | None, facts: dict) -> SealedUpload:
        part_id, lot_id = uuid.uuid4(), lot.pk if lot else None
        sealer = sealing.Sealer(self.public_key, place_binding(kind, self.place_of(lot_id, part_id)))
        sealed = sealer.update(sealing.padded(facts)) + sealer.finish()
        content = tempfile.SpooledTemporaryFile(SPOOL_BYTES)  # noqa: SIM115  closed by `discard`
        content.write(sealed)
        part = SealedUpload(
            part_id, kind, lot_id, "", 0, sealer.sealed_size, sealer.sealed_sha256, None, content
        )
        self.parts.append(part)
        return part

    def place_of(self, lot_id: int | None, part_id: uuid.UUID) -> tuple:
        """Where a part of this envelope belongs."""
        return (self.tender.pk, lot_id, self.bidder.pk, self.bid_id, part_id)

    def discard(self) -> None:
        """Forget the ciphertext that waits."""
        for part in self.parts:
            if part.content is not None:
                part.content.close()


class FileSealer:
    """Seals one file as it streams; refuses it at the first chunk that breaks a rule."""

    def __init__(self, envelope: Envelope, name: str, lot_id: int | None) -> None:
        self._envelope = envelope
        self._lot_id = lot_id
        self._id = uuid.uuid4()
        self._name = safe_name(name)
        with self._told():
            self._check = StreamCheck(name, BID_FILE)
        self._sealer = sealing.Sealer(envelope.public_key, self._bound("file"))
        self._content = tempfile.SpooledTemporaryFile(SPOOL_BYTES)  # noqa: SIM115  closed by `discard`

    def take(self, chunk: bytes) -> None:
        """Seal a chunk. Raises Refusal."""
        with self._told():
            self._check.take(chunk)
        self._content.write(self._sealer.update(chunk))

    def close(self) -> SealedUpload:
        """End the file and put it in the envelope. Raises Refusal when it is empty."""
        with self._told():
            self._check.close()
        self._content.write(self._sealer.finish())
        part = SealedUpload(
            id=self._id,
            kind=PartKind.FILE,
            lot_id=self._lot_id,
            name=self._name,
            plain_size=self._sealer.plain_size,
            sealed_size=self._sealer.sealed_size,
            sealed_sha256=self._sealer.sealed_sha256,
            sealed_facts=sealing.seal_facts(self._facts(), self._envelope.public_key, self._bound("facts")),
            content=self._content,
        )
        self._envelope.parts.append(part)
        return part

    def _facts(self) -> dict:
        return {
            "name": self._name,
            "content_type": FORMATS[self._check.extension],
            "size": self._sealer.plain_size,
            "sha256": self._sealer.plain_sha256,
        }

    def _bound(self, purpose: str) -> sealing.Binding:
        envelope = self._envelope
        return place_binding(purpose, envelope.place_of(self._lot_id, self._id))

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What a check finds, as the bidder is told it."""
        try:
            yield
        except Finding as found:
            reason = found.reason(self._name, types=BID_FILE.words, field="files")
            raise Refusal.of([reason]) from found
