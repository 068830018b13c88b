"""The key of one bid: drawn where the bid is sealed, split between the custodians at once, then forgotten.

Shamir's scheme over GF(256) (`pyshamir`, the byte format of npm's `shamir-secret-sharing`): 32 bytes of ordinates,
then the abscissa. Whoever deals publishes a commitment to every share: any `threshold` of them give the same key, or
the bid is told broken, whichever custodians opened it.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import pyshamir
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from tenders import sealing
from tenders.sealing import SealBroken

SHARE_BYTES = 33
_COMMITMENT = b"jalon/share/2"


@dataclass(frozen=True)
class DealtShare:
    """A share sealed to one custodian: `seat` is his place in the custody of the round, `x` its abscissa."""

    seat: int
    person: str
    x: int
    sealed_share: bytes
    commitment: str


@dataclass(frozen=True)
class Dealing:
    """The public half of a bid's key, and its private half as shares that only their custodians open."""

    public_key: bytes
    sealed_by: str
    shares: tuple[DealtShare, ...]


def deal(place: sealing.Binding, custodians: Mapping[int, tuple[str, bytes]], threshold: int) -> Dealing:
    """Draw a pair and split it: `custodians` maps each seat to its person and X25519 public key.

    `place` binds the shares (purpose « share »). The private half exists in this call only.
    """
    private, public = sealing.new_key_pair()
    parts = [bytes(part) for part in pyshamir.split(private, len(custodians), threshold)]
    shares = tuple(
        DealtShare(
            seat,
            person,
            part[-1],
            sealing.seal(part, key, replace(place, person=person)),
            commitment_of(part, place.bid, person),
        )
        for part, (seat, (person, key)) in zip(parts, custodians.items(), strict=True)
    )
    return Dealing(public, "server", shares)


def commitment_of(share: bytes, bid: str, person: str) -> str:
    """What is published of a share before anybody opens it: nobody guesses 256 random bits from it."""
    words = b"\x00".join([_COMMITMENT, bid.encode(), person.encode(), share])
    return hashlib.sha256(words).hexdigest()


def is_committed(share: bytes, commitment: str, bid: str, person: str) -> bool:
    """Whether `share` is the one that was dealt to this person."""
    return hmac.compare_digest(commitment_of(share, bid, person), commitment)


def open_share(sealed_share: bytes, private_key: bytes, place: sealing.Binding, commitment: str) -> bytes:
    """A custodian's share of a bid. Raises SealBroken when it is not the one that was committed."""
    share = sealing.unseal(sealed_share, private_key, place)
    if len(share) != SHARE_BYTES or not is_committed(share, commitment, place.bid, place.person):
        raise SealBroken("commitment")
    return share


def rebuild(
    shares: Iterable[bytes], dealt: Iterable[tuple[int, str, str]], public_key: bytes, bid: str
) -> bytes:
    """The private key of a bid; `dealt`: abscissa, person and commitment of every share.

    Every share that was not given is computed anew and compared with its commitment, so that two groups of custodians
    never read two different bids. Raises SealBroken.
    """
    given = list(shares)
    try:
        private = _value_at(given, 0)
        whole = all(
            is_committed(_value_at(given, x) + bytes([x]), commitment, bid, person)
            for x, person, commitment in dealt
        )
    except ValueError as error:
        raise SealBroken("shares") from error
    public = X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
    if not whole or not hmac.compare_digest(public, bytes(public_key)):
        raise SealBroken("shares")
    return private


def _value_at(shares: list[bytes], x: int) -> bytes:
    """The polynomials of these shares at `x`: moved by x, whose opposite is itself, they are combined at zero."""
    for share in shares:
        if share[-1] == x:
            return share[:-1]
    return bytes(pyshamir.combine([bytearray([*share[:-1], share[-1] ^ x]) for share in shares]))
