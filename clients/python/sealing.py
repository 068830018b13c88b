"""Seal an answer yourself, then deposit it: the platform never sees your prices nor your files in clear.

Needs `cryptography` and `pyshamir`, nothing of Jalon. `call(method, address, json=None, data=None, headers=None)`
is your HTTP client; it returns the JSON of the answer and raises for a refusal. `python sealing.py --help` says more.

Format (docs/adr/0005): each bid has its own X25519 pair, drawn here. Parts are sealed by HPKE (RFC 9180: X25519,
HKDF-SHA256, AES-256-GCM) in segments of 1 MiB bound to their place; the private key is split between the custodians of
the consultation (Shamir, any quorum), each share sealed to one of them, and forgotten. Keep what `deposit` gives back:
it proves later what you wrote.
"""

import argparse
import base64
import hashlib
import json
import mimetypes
import os
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyshamir
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
SEGMENT = 1024 * 1024
PIECE = 8 * 1024 * 1024
PADDING = 4096


def canonical(facts: dict) -> bytes:
    """ASCII JSON, sorted keys, no spaces."""
    return json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()


class Answer:
    """An answer being sealed: `place` names the consultation, its round, the firm and the bid."""

    def __init__(self, sending: dict) -> None:
        """Draw the key of the bid and split it. Raises InvalidSignature for a custodian whose keys are not his own."""
        self.place = {
            "tender": str(sending["tender"]),
            "round": str(sending["round"]),
            "bidder": str(sending["bidder"]),
            "bid": sending["id"],
        }
        self.written: list[dict] = []
        private = X25519PrivateKey.generate()
        self._key = private.public_key()
        self.key = self._dealt(private, sending["custody"])

    def _dealt(self, private: X25519PrivateKey, custody: dict) -> dict:
        people = custody["custodians"]
        shares = pyshamir.split(private.private_bytes_raw(), len(people), custody["threshold"])
        return {
            "sealed_by": "program",
            "public_key": self._key.public_bytes_raw().hex(),
            "shares": [self._share(one, bytes(share)) for one, share in zip(people, shares, strict=True)],
        }

    def _share(self, custodian: dict, share: bytes) -> dict:
        check_custodian(custodian)
        person, bid = custodian["person"], self.place["bid"]
        key = X25519PublicKey.from_public_bytes(bytes.fromhex(custodian["public_key"]))
        sealed = framed(SUITE.encrypt(share, key, info=self.info("share", person=person)))
        committed = b"\x00".join([b"jalon/share/2", bid.encode(), person.encode(), share])
        return {
            "seat": custodian["seat"],
            "x": share[-1],
            "sealed_share": base64.b64encode(sealed).decode(),
            "commitment": hashlib.sha256(committed).hexdigest(),
        }

    def info(self, purpose: str, segment: int = 0, final: bool = True, **place: str) -> bytes:
        """What binds a segment to its place."""
        whole = {"lot": "", "part": "", "person": "", **self.place, **place, "purpose": purpose}
        return canonical({"jalon": "seal/2", **whole, "segment": segment, "final": final})

    def sealed(self, content: bytes, purpose: str, lot: str, part: str) -> bytes:
        """A content, sealed segment by segment."""
        starts = range(0, max(len(content), 1), SEGMENT)
        last = len(starts) - 1
        return b"".join(
            framed(
                SUITE.encrypt(
                    content[start : start + SEGMENT],
                    self._key,
                    info=self.info(purpose, rank, rank == last, lot=lot, part=part),
                )
            )
            for rank, start in enumerate(starts)
        )

    def facts(self, kind: str, lot: dict | None, facts: dict) -> dict:
        """A small part of the deposit: the prices of a lot, its answers, or the contents."""
        part, plain, lot_id = str(uuid.uuid4()), canonical(facts), str(lot["id"]) if lot else ""
        sealed = self.sealed(plain + b" " * (-len(plain) % PADDING), kind, lot_id, part)
        if kind != "contents":
            self._note(part, kind, lot_id, plain)
        encoded = base64.b64encode(sealed).decode()
        return {"id": part, "kind": kind, "lot": lot["number"] if lot else None, "sealed": encoded}

    def file(self, path: Path, lot: dict | None) -> tuple[dict, bytes]:
        """A file: how it is announced, and its ciphertext."""
        part, content, lot_id = str(uuid.uuid4()), path.read_bytes(), str(lot["id"]) if lot else ""
        content_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        self._note(part, "file", lot_id, content, name=path.name, content_type=content_type)
        told = {key: self.written[-1][key] for key in ("name", "content_type", "size", "sha256")}
        plain = canonical(told)
        facts = self.sealed(plain + b" " * (-len(plain) % PADDING), "facts", lot_id, part)
        sealed = self.sealed(content, "file", lot_id, part)
        number = lot["number"] if lot else None
        encoded = base64.b64encode(facts).decode()
        return {"id": part, "lot": number, "sealed_size": len(sealed), "sealed_facts": encoded}, sealed

    def _note(self, part: str, kind: str, lot: str, plain: bytes, **told: str) -> None:
        self.written.append(
            {
                "id": part,
                "kind": kind,
                "lot": lot,
                "name": told.get("name", ""),
                "content_type": told.get("content_type", ""),
                "size": len(plain),
                "sha256": hashlib.sha256(plain).hexdigest(),
            }
        )

    def contents(self) -> dict:
        """What was written, with its salt: its SHA-256 is in the receipt."""
        salt = os.urandom(32).hex()
        return {"jalon": "contents/1", "bid": self.place["bid"], "salt": salt, "parts": self.written}


def framed(message: bytes) -> bytes:
    """A message after its length."""
    return len(message).to_bytes(4, "big") + message


def check_custodian(custodian: dict) -> None:
    """That a custodian signed his own keys. Raises InvalidSignature."""
    told = {"ed25519": custodian["signing_key"], "jalon": "custodian-key/1", "person": custodian["person"]}
    signer = Ed25519PublicKey.from_public_bytes(bytes.fromhex(custodian["signing_key"]))
    signer.verify(
        bytes.fromhex(custodian["certificate"]), canonical({**told, "x25519": custodian["public_key"]})
    )


def pieces(sealed: bytes) -> Iterator[tuple[int, bytes]]:
    """The pieces to send, each with where it begins."""
    return ((start, sealed[start : start + PIECE]) for start in range(0, len(sealed), PIECE))


def deposit(
    call: Callable[..., Any],
    *,
    tender: dict,
    bidder: int,
    prices: dict[int, dict[str, str]],
    files: list[tuple[int | None, Path]],
    candidature: dict | None,
    replaces: str | None = None,
) -> dict:
    """Deposit a bid sealed here. `prices`: {lot number: {code: "1250.00"}}; `files`: (lot number or None, path).

    Gives {"bid": the answer of the platform, "contents": what you wrote}: keep it. After a lost answer, send the same
    deposit again: the platform gives the same bid.
    """
    lots = {lot["number"]: lot for lot in tender["lots"]}
    sending = call("POST", "/api/v1/uploads/", json={"tender": tender["id"], "bidder": bidder})
    own = f"/api/v1/uploads/{sending['id']}/"
    answer = Answer(sending)
    call("POST", f"{own}key/", json=answer.key)
    announced = [answer.file(path, lots.get(number)) for number, path in files]
    for file, sealed in announced:
        call("POST", f"{own}files/", json=file)
        for start, piece in pieces(sealed):
            headers = {"Upload-Offset": str(start), "Content-Type": "application/offset+octet-stream"}
            call("PUT", f"{own}files/{file['id']}/", data=piece, headers=headers)
    parts = [answer.facts("prices", lots[number], {"prices": told}) for number, told in prices.items()]
    contents = answer.contents()
    parts.append(answer.facts("contents", None, contents))
    body = {
        "parts": parts,
        "commitment": hashlib.sha256(canonical(contents)).hexdigest(),
        "files": [file["id"] for file, _sealed in announced],
        "replaces": replaces,
        "candidature": candidature,
    }
    return {"bid": call("POST", f"{own}deposit/", json=body), "contents": canonical(contents).decode()}


def http(base: str, token: str) -> Callable[..., Any]:
    """A caller over `requests`, with a token."""
    import requests

    def call(method, address, json=None, data=None, headers=None):
        sent = {"Authorization": f"Token {token}", "If-Match": "*", **(headers or {})}
        answer = requests.request(method, base + address, json=json, data=data, headers=sent, timeout=120)
        if not answer.ok:
            sys.exit(f"{answer.status_code} {answer.text}")
        return answer.json()

    return call


def main() -> None:
    """Deposit from a JSON file: {"tender", "bidder", "prices", "files": [[lot or null, path]], "candidature"}."""
    parser = argparse.ArgumentParser(description="Scelle une réponse ici, puis la dépose.")
    parser.add_argument("answer", type=Path, help="la réponse, en JSON")
    parser.add_argument("--base", default="http://localhost:8000", help="adresse de la plateforme")
    parser.add_argument("--receipt", type=Path, default=Path("mon-depot.json"), help="ce qu'il faut garder")
    options = parser.parse_args()
    call, told = http(options.base, os.environ["JALON_TOKEN"]), json.loads(options.answer.read_text("utf-8"))
    tender = call("GET", f"/api/v1/tenders/{told['tender']}/")
    kept = deposit(
        call,
        tender=tender,
        bidder=told["bidder"],
        prices={int(number): prices for number, prices in told["prices"].items()},
        files=[(lot, Path(path)) for lot, path in told.get("files", [])],
        candidature=told.get("candidature"),
        replaces=told.get("replaces"),
    )
    options.receipt.write_text(json.dumps(kept, ensure_ascii=False, indent=2), "utf-8")
    print(f"Pli {kept['bid']['id']} déposé ; gardez {options.receipt}.")


if __name__ == "__main__":
    main()
