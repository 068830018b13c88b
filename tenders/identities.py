"""A custodian's key: one seed, from which come the pair that opens shares and the pair that signs.

The seed is drawn and unlocked on the custodian's device when it can (static/js), by the server otherwise; only the
locked seed is kept. HKDF-SHA256, Ed25519 (RFC 8032), scrypt (RFC 7914), AES-256-GCM, all from `cryptography`.
"""

import hmac
import re
import secrets
import unicodedata
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from tenders.sealing import SealBroken, canonical

SEED_BYTES = 32
_NONCE_BYTES = 12
LOCK = {"n": 2**17, "r": 8, "p": 1}
"""scrypt for passphrases, as OWASP advises in 2026: 128 MiB, on a phone too."""
_MOST_LOCK = {"n": 2**18, "r": 16, "p": 4}


@dataclass(frozen=True)
class Identity:
    """The two pairs of a custodian, for as long as his seed is in hand."""

    person: str
    share_key: bytes
    _signer: Ed25519PrivateKey

    @classmethod
    def of(cls, seed: bytes, person: str) -> "Identity":
        """The pairs that come from a seed."""
        signer = Ed25519PrivateKey.from_private_bytes(_derived(seed, b"custodian/ed25519/1"))
        return cls(person, _derived(seed, b"custodian/x25519/1"), signer)

    @property
    def public_key(self) -> bytes:
        """X25519: shares are sealed to it."""
        return X25519PrivateKey.from_private_bytes(self.share_key).public_key().public_bytes_raw()

    @property
    def signing_key(self) -> bytes:
        """Ed25519: checks what the custodian signs."""
        return self._signer.public_key().public_bytes_raw()

    def certificate(self) -> bytes:
        """His signature under both public keys and his name on the platform."""
        return self._signer.sign(_certified(self.person, self.public_key, self.signing_key))

    def rehearsed(self, challenge: str) -> bytes:
        """His signature under a challenge drawn by the platform."""
        return self._signer.sign(_rehearsal(self.person, challenge))


def _derived(seed: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=b"jalon", info=purpose).derive(seed)


def _certified(person: str, public_key: bytes, signing_key: bytes) -> bytes:
    told = {"ed25519": signing_key.hex(), "jalon": "custodian-key/1", "person": person}
    return canonical({**told, "x25519": public_key.hex()})


def _rehearsal(person: str, challenge: str) -> bytes:
    return canonical({"challenge": challenge, "jalon": "rehearsal/1", "person": person})


def is_certified(person: str, public_key: bytes, signing_key: bytes, certificate: bytes) -> bool:
    """Whether the holder of the signing key did sign these two keys as this person's."""
    return _verifies(signing_key, certificate, _certified(person, bytes(public_key), bytes(signing_key)))


def is_rehearsed(person: str, signing_key: bytes, challenge: str, signature: bytes) -> bool:
    """Whether this person, who therefore unlocked the seed, signed this challenge."""
    return _verifies(signing_key, signature, _rehearsal(person, challenge))


def _verifies(signing_key: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes(signing_key)).verify(bytes(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint(public_key: bytes) -> str:
    """What people compare by eye: half of the SHA-256 of a public key, in groups of four."""
    digest = sha256(bytes(public_key)).hexdigest()[:32]
    return " ".join(digest[start : start + 4] for start in range(0, 32, 4))


def normalised(passphrase: str) -> str:
    """A passphrase as it is derived: the same on every keyboard, whatever the spaces."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", passphrase)).strip()


def lock(seed: bytes, passphrase: str, person: str) -> tuple[bytes, dict]:
    """A seed locked by a passphrase: (ciphertext, parameters to unlock it)."""
    parameters = {"kdf": "scrypt", "salt": secrets.token_hex(16), **LOCK}
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(_stretch(passphrase, parameters)).encrypt(nonce, seed, _owner(person)), parameters


def unlock(locked: bytes, passphrase: str, parameters: dict, person: str) -> Identity:
    """The identity that `lock` took. Raises SealBroken when the passphrase is not the right one."""
    locked = bytes(locked)
    cipher = AESGCM(_stretch(passphrase, parameters))
    try:
        seed = cipher.decrypt(locked[:_NONCE_BYTES], locked[_NONCE_BYTES:], _owner(person))
    except InvalidTag as error:
        raise SealBroken("passphrase") from error
    return Identity.of(seed, person)


def is_lock(parameters: dict) -> bool:
    """Whether a device locked a seed at least as firmly as the server does, and not so that nobody can unlock it."""
    if parameters.get("kdf") != "scrypt" or not re.fullmatch(r"[0-9a-f]{32}", str(parameters.get("salt"))):
        return False
    values = [parameters.get(name) for name in LOCK]
    if any(type(value) is not int for value in values):
        return False
    return all(LOCK[name] <= parameters[name] <= _MOST_LOCK[name] for name in LOCK)


def same_key(one: bytes, other: bytes) -> bool:
    """Whether two public keys are the same."""
    return hmac.compare_digest(bytes(one), bytes(other))


def _owner(person: str) -> bytes:
    return f"custodian:{person}".encode()


def _stretch(passphrase: str, parameters: dict) -> bytes:
    salt = bytes.fromhex(parameters["salt"])
    kdf = Scrypt(salt=salt, length=32, n=parameters["n"], r=parameters["r"], p=parameters["p"])
    return kdf.derive(normalised(passphrase).encode())
