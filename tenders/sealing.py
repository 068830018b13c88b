"""Sealing: what turns a bid into ciphertext as it arrives, and back after the opening.

Only published constructions from `cryptography` and `shamir-mnemonic`: HPKE base mode (RFC 9180, X25519,
HKDF-SHA256, AES-256-GCM), Argon2id (RFC 9106), HKDF, AES-256-GCM, SLIP-39 shares. A long content is cut
into segments of at most 1 MiB, each a whole HPKE message whose `info` binds it to its consultation, lot,
bidder, bid, part, place and end, so that a segment moved, dropped, repeated or re-ordered no longer opens.
"""

import hashlib
import hmac
import io
import json
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
SEGMENT_BYTES = 1024 * 1024
_LENGTH_BYTES = 4
_OVERHEAD_LIMIT = 1024
_NONCE_BYTES = 12
PADDING = 4096
"""Small secrets (prices, file names) are padded to a multiple of this, so that their length tells nothing."""

LOCK = {"memory_kib": 64 * 1024, "passes": 3, "lanes": 1}
"""Argon2id for custodians' passphrases: above OWASP's minimum of 2026 (19 MiB, 2 passes)."""


class SealBroken(Exception):
    """The ciphertext is not what was sealed for this place: altered, moved, truncated, or the wrong key."""


@dataclass(frozen=True)
class Binding:
    """The place a ciphertext belongs to; it opens nowhere else. Empty when a field does not apply."""

    purpose: str
    tender: str = ""
    lot: str = ""
    bidder: str = ""
    bid: str = ""
    part: str = ""
    person: str = ""

    def info(self, index: int = 0, final: bool = True) -> bytes:
        """The `info` of the HPKE message: the place, the segment's rank, and whether it is the last."""
        place = {"jalon": "seal/1", **asdict(self), "segment": index, "final": final}
        return json.dumps(place, sort_keys=True, separators=(",", ":")).encode()


def new_key_pair() -> tuple[bytes, bytes]:
    """A fresh X25519 pair: (private, public), raw bytes."""
    private = X25519PrivateKey.generate()
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


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
        """Give the ciphertext of a whole segment that waits, of which more will follow; drop less than one."""
        whole = len(self._pending) == SEGMENT_BYTES
        sealed = self._seal(bytes(self._pending), final=False) if whole else b""
        self.plain_size -= 0 if whole else len(self._pending)
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
    return seal(padded(facts), public_key, binding)


def padded(facts: dict) -> bytes:
    """A small JSON object as bytes, ended with spaces up to a multiple of PADDING."""
    data = json.dumps(facts, ensure_ascii=False).encode()
    return data + b" " * (-len(data) % PADDING)


def unseal_facts(sealed: bytes, private_key: bytes, binding: Binding) -> dict:
    """The object that `seal_facts` took. Raises SealBroken."""
    return json.loads(unseal(sealed, private_key, binding))


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


def lock(private_key: bytes, passphrase: str, owner: str) -> tuple[bytes, dict]:
    """A private key locked by a passphrase: (ciphertext, parameters to unlock it)."""
    parameters = {"kdf": "argon2id", "salt": secrets.token_hex(16), **LOCK}
    nonce = secrets.token_bytes(_NONCE_BYTES)
    cipher = AESGCM(_stretch(passphrase, parameters))
    return nonce + cipher.encrypt(nonce, private_key, owner.encode()), parameters


def unlock(locked: bytes, passphrase: str, parameters: dict, owner: str) -> bytes:
    """The private key that `lock` took. Raises SealBroken when the passphrase is not the right one."""
    locked = bytes(locked)
    cipher = AESGCM(_stretch(passphrase, parameters))
    try:
        return cipher.decrypt(locked[:_NONCE_BYTES], locked[_NONCE_BYTES:], owner.encode())
    except InvalidTag as error:
        raise SealBroken("passphrase") from error


def _stretch(passphrase: str, parameters: dict) -> bytes:
    kdf = Argon2id(
        salt=bytes.fromhex(parameters["salt"]),
        length=32,
        iterations=parameters["passes"],
        lanes=parameters["lanes"],
        memory_cost=parameters["memory_kib"],
    )
    return kdf.derive(passphrase.encode())


def split(private_key: bytes, threshold: int, count: int) -> list[str]:
    """`count` shares of a private key, any `threshold` of which rebuild it (SLIP-39 words)."""
    [shares] = generate_mnemonics(1, [(threshold, count)], private_key, iteration_exponent=0)
    return shares


def combine(shares: Iterable[str], public_key: bytes) -> bytes:
    """The private key behind `public_key`. Raises SealBroken when the shares do not make it."""
    try:
        private_key = combine_mnemonics(shares)
    except MnemonicError as error:
        raise SealBroken("shares") from error
    public = X25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes_raw()
    if not hmac.compare_digest(public, bytes(public_key)):
        raise SealBroken("shares")
    return private_key


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
