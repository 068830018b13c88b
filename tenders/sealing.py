"""Sealing: what turns a bid into ciphertext as it arrives, and back after the opening.

Only published constructions from `cryptography`: HPKE base mode (RFC 9180, X25519, HKDF-SHA256, AES-256-GCM),
HKDF, AES-256-GCM. A long content is cut into segments of at most 1 MiB, each a whole HPKE message whose `info`
binds it to its consultation, round, lot, bidder, bid, part, place and end, so that a segment moved, dropped,
repeated or re-ordered no longer opens. The key is that of one bid alone: see `shares`.
"""

import hashlib
import io
import json
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
SEGMENT_BYTES = 1024 * 1024
_LENGTH_BYTES = 4
_OVERHEAD_LIMIT = 1024
_NONCE_BYTES = 12
_MESSAGE_OVERHEAD = 48
"""Bytes of an HPKE message beside its plaintext: the encapsulated key and the tag."""
PADDING = 4096
"""Small secrets (prices, file names) are padded to a multiple of this, so that their length tells nothing."""


class SealBroken(Exception):
    """The ciphertext is not what was sealed for this place: altered, moved, truncated, or the wrong key."""


@dataclass(frozen=True)
class Binding:
    """The place a ciphertext belongs to; it opens nowhere else. Empty when a field does not apply."""

    purpose: str
    tender: str = ""
    round: str = ""
    lot: str = ""
    bidder: str = ""
    bid: str = ""
    part: str = ""
    person: str = ""

    def info(self, index: int = 0, final: bool = True) -> bytes:
        """The `info` of the HPKE message: the place, the segment's rank, and whether it is the last."""
        return canonical({"jalon": "seal/2", **asdict(self), "segment": index, "final": final})


def canonical(facts: dict) -> bytes:
    """`facts` as ASCII JSON with sorted keys and no spaces: the bytes that a device and the server both compute."""
    return json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()


def new_key_pair() -> tuple[bytes, bytes]:
    """A fresh X25519 pair: (private, public), raw bytes."""
    private = X25519PrivateKey.generate()
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


def seals(public_key: bytes) -> bool:
    """Whether something can be sealed to this X25519 key: a point of small order seals nothing."""
    try:
        seal(b"", public_key, Binding("probe"))
    except ValueError:
        return False
    return True


def sealed_length(plain_bytes: int) -> int:
    """The most bytes that a content of this length takes once sealed by whole segments."""
    segments = plain_bytes // SEGMENT_BYTES + 1
    return plain_bytes + segments * (_LENGTH_BYTES + _MESSAGE_OVERHEAD)


def drawn(length: int) -> bytes:
    """Random bytes for a secret."""
    return secrets.token_bytes(length)


class Sealer:
    """Seals a content that arrives piece by piece. Keeps at most one segment of plaintext in memory."""

    def __init__(self, public_key: bytes, binding: Binding, first_index: int = 0) -> None:
        """`first_index`: the rank of the next segment, when the former ones were sealed earlier."""
        self._key = X25519PublicKey.from_public_bytes(bytes(public_key))
        self._binding = binding
        self._pending = bytearray()
        self._index = first_index
        self._digest = hashlib.sha256()
        self._plain_digest = hashlib.sha256()
        self.plain_size = 0
        self.sealed_size = 0

    def update(self, data: bytes) -> bytes:
        """Take plaintext; give the ciphertext of the segments that are now whole."""
        self._pending += data
        self._plain_digest.update(data)
        self.plain_size += len(data)
        sealed = b""
        while len(self._pending) > SEGMENT_BYTES:
            sealed += self._seal(bytes(self._pending[:SEGMENT_BYTES]), final=False)
            del self._pending[:SEGMENT_BYTES]
        return sealed

    def finish(self) -> bytes:
        """Give the ciphertext of the last segment, marked as the last."""
        sealed = self._seal(bytes(self._pending), final=True)
        self._pending.clear()
        return sealed

    def break_off(self) -> bytes:
        """Give the ciphertext of what waits, whatever its length, as a segment that others will follow."""
        sealed = self._seal(bytes(self._pending), final=False) if self._pending else b""
        self._pending.clear()
        return sealed

    @property
    def next_index(self) -> int:
        """The rank of the segment that comes next."""
        return self._index

    @property
    def sealed_sha256(self) -> str:
        """SHA-256 of all the ciphertext given so far: the one printed on receipts."""
        return self._digest.hexdigest()

    @property
    def plain_sha256(self) -> str:
        """SHA-256 of the plaintext: itself a secret until the opening."""
        return self._plain_digest.hexdigest()

    def _seal(self, segment: bytes, *, final: bool) -> bytes:
        message = SUITE.encrypt(segment, self._key, info=self._binding.info(self._index, final))
        framed = len(message).to_bytes(_LENGTH_BYTES, "big") + message
        self._index += 1
        self._digest.update(framed)
        self.sealed_size += len(framed)
        return framed


def unseal_stream(sealed: BinaryIO, private_key: bytes, binding: Binding) -> Iterator[bytes]:
    """The plaintext of a sealed content, segment by segment. Raises SealBroken before giving anything
    wrong.
    """
    key = X25519PrivateKey.from_private_bytes(bytes(private_key))
    index, message = 0, _read_message(sealed)
    while message is not None:
        following = _read_message(sealed)
        yield _unseal(message, key, binding.info(index, following is None))
        index, message = index + 1, following
    if index == 0:
        raise SealBroken("empty")


def seal(data: bytes, public_key: bytes, binding: Binding) -> bytes:
    """The ciphertext of a short content."""
    sealer = Sealer(public_key, binding)
    return sealer.update(data) + sealer.finish()


def unseal(sealed: bytes, private_key: bytes, binding: Binding) -> bytes:
    """The plaintext of a short content. Raises SealBroken."""
    return b"".join(unseal_stream(io.BytesIO(bytes(sealed)), private_key, binding))


def seal_facts(facts: dict, public_key: bytes, binding: Binding) -> bytes:
    """A small JSON object sealed with padding."""
    return seal(padded(plain_facts(facts)), public_key, binding)


def plain_facts(facts: dict) -> bytes:
    """A small JSON object as the bytes whose digest is committed."""
    return json.dumps(facts, ensure_ascii=False).encode()


def padded(data: bytes) -> bytes:
    """`data` ended with spaces up to a multiple of PADDING."""
    return data + b" " * (-len(data) % PADDING)


def unseal_facts(sealed: bytes, private_key: bytes, binding: Binding) -> dict:
    """The object that `seal_facts` took. Raises SealBroken; ValueError when a name is said twice: who reads it would
    choose which.
    """
    return json.loads(unseal(sealed, private_key, binding), object_pairs_hook=_said_once)


def _said_once(pairs: list[tuple]) -> dict:
    told = dict(pairs)
    if len(told) < len(pairs):
        raise ValueError("said twice")
    return told


def _read_message(sealed: BinaryIO) -> bytes | None:
    prefix = _read_exactly(sealed, _LENGTH_BYTES)
    if not prefix:
        return None
    length = int.from_bytes(prefix, "big")
    if len(prefix) < _LENGTH_BYTES or length > SEGMENT_BYTES + _OVERHEAD_LIMIT:
        raise SealBroken("frame")
    message = _read_exactly(sealed, length)
    if len(message) < length:
        raise SealBroken("truncated")
    return message


def _read_exactly(stream: BinaryIO, length: int) -> bytes:
    data = b""
    while len(data) < length and (more := stream.read(length - len(data))):
        data += more
    return data


def _unseal(message: bytes, key: X25519PrivateKey, info: bytes) -> bytes:
    try:
        return SUITE.decrypt(message, key, info=info)
    except (InvalidTag, ValueError) as error:
        raise SealBroken("authentication") from error


def keep(secret: bytes, binding: Binding) -> bytes:
    """A secret sealed at rest under a key derived from SECRET_KEY: protects a copy of the database, not
    the server.
    """
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(_server_key(settings.SECRET_KEY)).encrypt(nonce, secret, binding.info())


def unkeep(kept: bytes, binding: Binding) -> bytes:
    """The secret that `keep` took; former keys (SECRET_KEY_FALLBACKS) still open. Raises SealBroken."""
    kept = bytes(kept)
    for secret_key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            cipher = AESGCM(_server_key(secret_key))
            return cipher.decrypt(kept[:_NONCE_BYTES], kept[_NONCE_BYTES:], binding.info())
        except InvalidTag:
            continue
    raise SealBroken("server key")


def _server_key(secret_key: str) -> bytes:
    derivation = HKDF(algorithm=SHA256(), length=32, salt=b"jalon", info=b"tenders/at-rest/1")
    return derivation.derive(secret_key.encode())
