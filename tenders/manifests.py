"""The manifest of a bid: one text that commits to its key, its shares and its parts; its SHA-256 is in the journal.

Whoever deposits, whoever opens and whoever verifies compute the same bytes (`sealing.canonical`). The contents, sealed
beside, hold the digests of what was written; the manifest holds their commitment, which the firm can prove later.
"""

import hashlib
import secrets
from collections.abc import Iterable
from typing import Any

from tenders.sealing import canonical, plain_facts


def manifest(bid: Any, key: Any, shares: Iterable[Any], parts: Iterable[Any]) -> bytes:
    """The text of a bid's manifest, from its rows: `key` (BidKey), its `shares` (BidShare with seats), its `parts`."""
    return canonical(
        {
            "bid": str(bid.pk),
            "bidder": str(bid.bidder_id),
            "commitment": key.commitment,
            "custodians": [_custodian(share) for share in sorted(shares, key=_person)],
            "jalon": "manifest/2",
            "parts": [_part(part) for part in sorted(parts, key=lambda part: part.position)],
            "public_key": bytes(key.public_key).hex(),
            "round": str(bid.round_id),
            "sealed_by": key.sealed_by,
            "tender": str(bid.tender_id),
            "threshold": key.threshold,
        }
    )


def manifest_sha256(bid: Any, key: Any, shares: Iterable[Any], parts: Iterable[Any]) -> str:
    """SHA-256 of the manifest, in hexadecimal."""
    return hashlib.sha256(manifest(bid, key, shares, parts)).hexdigest()


def _person(share: Any) -> int:
    return share.seat.custodian_id


def _custodian(share: Any) -> dict[str, Any]:
    return {
        "commitment": share.commitment,
        "key": bytes(share.seat.custodian_key.public_key).hex(),
        "person": str(share.seat.custodian_id),
        "sealed_sha256": hashlib.sha256(bytes(share.sealed_share)).hexdigest(),
        "x": share.x,
    }


def _part(part: Any) -> dict[str, Any]:
    facts = bytes(part.sealed_facts or b"")
    return {
        "facts_sha256": hashlib.sha256(facts).hexdigest() if facts else "",
        "id": str(part.pk),
        "kind": str(part.kind),
        "lot": str(part.lot_id or ""),
        "sha256": part.sealed_sha256,
        "size": part.sealed_size,
    }


def contents(bid: str, parts: Iterable[dict]) -> dict[str, Any]:
    """What was written, part by part, with a salt: nobody guesses a price from the commitment."""
    return {"jalon": "contents/1", "bid": bid, "salt": secrets.token_hex(32), "parts": list(parts)}


def commitment(facts: dict) -> str:
    """The SHA-256 that the manifest holds of the contents."""
    return hashlib.sha256(plain_facts(facts)).hexdigest()
