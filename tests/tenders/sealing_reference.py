"""The format « seal/2 » written a second time, as plainly as it reads: what the platform and the device are held to."""

import hashlib
import json

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
FIELDS = ("bid", "bidder", "lot", "part", "person", "purpose", "round", "tender")


def canonical(value: object) -> bytes:
    """The one text of an object."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def info(place: dict, segment: int = 0, final: bool = True) -> bytes:
    """The `info` of a message."""
    return canonical(
        {**dict.fromkeys(FIELDS, ""), **place, "jalon": "seal/2", "segment": segment, "final": final}
    )


def seal(segments: list[bytes], public_key: bytes, place: dict) -> bytes:
    """A content cut in these segments."""
    key, framed = X25519PublicKey.from_public_bytes(public_key), b""
    for rank, segment in enumerate(segments):
        message = SUITE.encrypt(segment, key, info=info(place, rank, rank == len(segments) - 1))
        framed += len(message).to_bytes(4, "big") + message
    return framed


def unseal(sealed: bytes, private_key: bytes, place: dict) -> bytes:
    """The plaintext of a sealed content. Raises when it is not what was sealed for this place."""
    key, messages, plain = X25519PrivateKey.from_private_bytes(private_key), [], b""
    while sealed:
        length = int.from_bytes(sealed[:4], "big")
        messages.append(sealed[4 : 4 + length])
        sealed = sealed[4 + length :]
    for rank, message in enumerate(messages):
        plain += SUITE.decrypt(message, key, info=info(place, rank, rank == len(messages) - 1))
    return plain


def public_of(private_key: bytes) -> str:
    """The public half, in hexadecimal."""
    return X25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes_raw().hex()


def share_commitment(bid: str, person: str, share: bytes) -> str:
    """What binds a share to its bid and its custodian."""
    return hashlib.sha256(b"\x00".join([b"jalon/share/2", bid.encode(), person.encode(), share])).hexdigest()


def derived(seed: bytes, purpose: str) -> bytes:
    """A private key of a custodian's seed."""
    return HKDF(SHA256(), 32, b"jalon", purpose.encode()).derive(seed)


def public_facts(seed: bytes, person: str) -> dict[str, str]:
    """The public keys of a seed, and the certificate that ties them to a person."""
    signer = Ed25519PrivateKey.from_private_bytes(derived(seed, "custodian/ed25519/1"))
    facts = {
        "public_key": public_of(derived(seed, "custodian/x25519/1")),
        "signing_key": signer.public_key().public_bytes_raw().hex(),
    }
    told = {"ed25519": facts["signing_key"], "jalon": "custodian-key/1", "person": person}
    return facts | {"certificate": signer.sign(canonical(told | {"x25519": facts["public_key"]})).hex()}


def rehearsed(seed: bytes, challenge: str, person: str) -> str:
    """The signature of a rehearsal."""
    signer = Ed25519PrivateKey.from_private_bytes(derived(seed, "custodian/ed25519/1"))
    return signer.sign(canonical({"challenge": challenge, "jalon": "rehearsal/1", "person": person})).hex()


def cipher(normalised: str, parameters: dict) -> AESGCM:
    """What a normalised passphrase unlocks with."""
    salt, cost = bytes.fromhex(parameters["salt"]), {key: parameters[key] for key in ("n", "r", "p")}
    return AESGCM(Scrypt(salt, 32, **cost).derive(normalised.encode()))


def fingerprint(public_key: str) -> str:
    """What people compare by eye."""
    digest = hashlib.sha256(bytes.fromhex(public_key)).hexdigest()[:32]
    return " ".join(digest[at : at + 4] for at in range(0, 32, 4))
