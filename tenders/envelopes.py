"""An envelope being filled: parts sealed one by one for one bid, before the short transaction that
deposits them.
"""

import hashlib
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import BinaryIO

from django.core import signing
from django.utils.translation import gettext as _

from foundation.accounts.models import Organisation
from foundation.errors import Reason, Refusal
from foundation.files.findings import Finding
from foundation.files.names import safe_name
from foundation.files.profiles import FORMATS
from foundation.files.streaming import StreamCheck
from foundation.nested import with_rows
from tenders import manifests, sealing, shares
from tenders.enums import PartKind
from tenders.models import Lot, Round, SealedPart, Seat, Tender, UploadSession
from tenders.profiles import BID_FILE, bid_profile

SPOOL_BYTES = 2 * 1024 * 1024
"""Ciphertext above this waits in a temporary file; plaintext never does."""


def binding_of(part: SealedPart, purpose: str) -> sealing.Binding:
    """The place where a stored part opens, read from the rows that hold it."""
    bid = part.bid
    return place_binding(purpose, (bid.tender_id, bid.round_id, part.lot_id, bid.bidder_id, bid.pk, part.id))


def share_binding(bid, person: int | str) -> sealing.Binding:
    """The place where a custodian's share of a bid opens; `bid` may not be a row yet."""
    place = place_binding("share", (bid.tender_id, bid.round_id, None, bid.bidder_id, bid.pk, None))
    return replace(place, person=str(person))


def place_binding(purpose: str, place: tuple) -> sealing.Binding:
    """`place`: consultation, round, lot or None, bidder, bid, part."""
    tender, round, lot, bidder, bid, part = ("" if one is None else str(one) for one in place)
    return sealing.Binding(purpose, tender=tender, round=round, lot=lot, bidder=bidder, bid=bid, part=part)


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
    plain_sha256: str = ""
    """Of what was written, when this request saw it in clear: sealed with the contents, never kept beside."""
    content_type: str = ""


@dataclass
class Envelope:
    """What a bidder is about to deposit. Everything in it is bound to `bid_id`, chosen before the first byte, and
    sealed for a key of its own, whose private half is split between the custodians of the round at once.
    """

    tender: Tender
    round: Round
    bidder: Organisation
    seats: list[Seat] = field(default_factory=list)
    session: UploadSession | None = None
    bid_id: uuid.UUID = field(default_factory=uuid.uuid4)
    parts: list[SealedUpload] = field(default_factory=list)
    refusals: list[Reason] = field(default_factory=list)
    is_backup: bool = False
    commitment: str = ""
    """SHA-256 of the contents, which are sealed with the rest."""
    contents: dict = field(default_factory=dict)
    """What the commitment opens to when the server sealed: in memory only, for the firm to keep."""
    recipients: list = field(default_factory=list)
    """Who is told of the deposit, found before its short transaction."""

    @cached_property
    def dealing(self) -> shares.Dealing:
        """The key of this bid: that of its sending when there is one, else drawn here, where the server seals."""
        if self.session and self.session.sealed_by:
            return dealing_of(self.session)
        custodians = {
            seat.pk: (str(seat.custodian_id), bytes(seat.custodian_key.public_key)) for seat in self.seats
        }
        return shares.deal(self.bound("share", None, None), custodians, self.round.custody.threshold)

    @property
    def public_key(self) -> bytes:
        """What the parts of this bid are sealed to."""
        return self.dealing.public_key

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

    def seal_contents(self) -> dict:
        """Seal, last, the digests of all that this request saw in clear; gives them, for the firm to keep."""
        told = [_written(part) for part in self.parts if part.plain_sha256]
        self.contents = facts = manifests.contents(str(self.bid_id), told)
        self.commitment = manifests.commitment(facts)
        self._seal_facts(PartKind.CONTENTS, None, facts)
        return facts

    def take_sealed(self, part_id: uuid.UUID, kind: str, lot: Lot | None, sealed: bytes) -> None:
        """Put a part that was sealed elsewhere: the server knows its bytes, not its words."""
        digest = hashlib.sha256(sealed).hexdigest()
        self._put(part_id, kind, lot.pk if lot else None, sealed, digest)

    def _seal_facts(self, kind: str, lot: Lot | None, facts: dict) -> SealedUpload:
        part_id, lot_id, plain = uuid.uuid4(), lot.pk if lot else None, sealing.plain_facts(facts)
        sealer = sealing.Sealer(self.public_key, self.bound(kind, lot_id, part_id))
        sealed = sealer.update(sealing.padded(plain)) + sealer.finish()
        part = self._put(part_id, kind, lot_id, sealed, sealer.sealed_sha256)
        part.plain_size, part.plain_sha256 = len(plain), hashlib.sha256(plain).hexdigest()
        return part

    def _put(self, part_id, kind, lot_id, sealed: bytes, digest: str) -> SealedUpload:
        content = tempfile.SpooledTemporaryFile(SPOOL_BYTES)  # noqa: SIM115  closed by `discard`
        content.write(sealed)
        part = SealedUpload(part_id, kind, lot_id, "", 0, len(sealed), digest, None, content)
        self.parts.append(part)
        return part

    def bound(self, purpose: str, lot_id: int | None, part_id: uuid.UUID | None) -> sealing.Binding:
        """Where a part of this envelope opens."""
        round = self.round.pk if self.round else None
        return place_binding(purpose, (self.tender.pk, round, lot_id, self.bidder.pk, self.bid_id, part_id))

    def discard(self) -> None:
        """Forget the ciphertext that waits."""
        for part in self.parts:
            if part.content is not None:
                part.content.close()


DEALT = signing.Signer(salt="tenders.dealing")


def dealt_rows(session: UploadSession, public_key: bytes, dealt: Iterable[shares.DealtShare]) -> list[dict]:
    """The shares of a sending as they are kept; each bears the platform's mark, under SECRET_KEY: whoever only writes
    in the database has nothing sealed to a key of his own.
    """
    rows = [
        {
            "seat": one.seat,
            "person": one.person,
            "x": one.x,
            "sealed_share": one.sealed_share.hex(),
            "commitment": one.commitment,
        }
        for one in dealt
    ]
    return [row | {"mark": DEALT.signature(_marked(session, public_key, row))} for row in rows]


def dealing_of(session: UploadSession) -> shares.Dealing:
    """The key that a sending was dealt before its first byte. Raises Refusal when the platform did not write it."""
    for one in session.dealt_shares:
        row = {name: told for name, told in one.items() if name != "mark"}
        try:
            DEALT.unsign(f"{_marked(session, session.public_key, row)}{DEALT.sep}{one.get('mark', '')}")
        except signing.BadSignature as error:
            raise Refusal(
                _("La clé de cet envoi a été changée : abandonnez-le, puis recommencez."), code="conflict"
            ) from error
    dealt = tuple(
        shares.DealtShare(
            one["seat"], one["person"], one["x"], bytes.fromhex(one["sealed_share"]), one["commitment"]
        )
        for one in session.dealt_shares
    )
    return shares.Dealing(bytes(session.public_key), session.sealed_by, dealt)


def _marked(session: UploadSession, public_key: bytes, row: dict) -> str:
    place = [session.pk, session.round_id, session.bidder_id, session.opened_by_id, session.sealed_by]
    told = {"place": [str(one) for one in place], "public_key": bytes(public_key).hex(), "share": row}
    return sealing.canonical(told).decode()


def _written(part: SealedUpload) -> dict:
    """A part as the contents tell it: what was written, not what was kept."""
    return {
        "id": str(part.id),
        "kind": str(part.kind),
        "lot": str(part.lot_id or ""),
        "name": part.name,
        "content_type": part.content_type,
        "size": part.plain_size,
        "sha256": part.plain_sha256,
    }


class FileSealer:
    """Seals one file as it streams; refuses it at the first chunk that breaks a rule."""

    def __init__(self, envelope: Envelope, name: str, lot_id: int | None) -> None:
        self._envelope = envelope
        self._lot_id = lot_id
        self._id = uuid.uuid4()
        self._name = safe_name(name)
        with self._told():
            self._check = StreamCheck(name, bid_profile(envelope.tender))
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
            plain_sha256=self._sealer.plain_sha256,
            content_type=FORMATS[self._check.extension],
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
        return self._envelope.bound(purpose, self._lot_id, self._id)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What a check finds, as the bidder is told it."""
        try:
            yield
        except Finding as found:
            reason = found.reason(self._name, types=BID_FILE.words, field="files")
            raise Refusal.of([reason]) from found
