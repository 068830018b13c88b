"""The doors of the platform played in memory, for the scripts of the page: what arrives is kept to be opened."""

import base64
import hashlib
import json
import uuid
from collections.abc import Callable

from pyshamir import combine

from tests.tenders import sealing_reference as reference
from tests.tenders.browser_sealing import HOME

UPLOADS = f"{HOME}api/v1/uploads/"
PEOPLE = ("9", "10", "101")
SEEDS = {person: hashlib.sha256(person.encode()).digest() for person in PEOPLE}
PLACE = {"tender": "1", "round": "2", "bidder": "3"}


def custody() -> dict:
    """Three custodians, two of whom open."""
    people = [
        {
            "seat": seat,
            "person": person,
            "name": f"Dépositaire {person}",
            **reference.public_facts(seed, person),
        }
        for seat, (person, seed) in enumerate(SEEDS.items())
    ]
    return {"threshold": 2, "custodians": people}


class Doors:
    """Sessions, files and posts, by request; `broken` says which calls are cut."""

    def __init__(self) -> None:
        self.session: dict | None = None
        self.received: dict[str, bytes] = {}
        self.dealt: dict | None = None
        self.posted: list[str] = []
        self.abandoned: list[str] = []
        self.broken: Callable[[str, str], bool] = lambda _method, _path: False

    def serve(self, route) -> None:
        """Answer a call of the page."""
        request = route.request
        path = request.url.removeprefix(UPLOADS).strip("/").split("/")
        if self.broken(request.method, request.url):
            route.abort("connectionreset")
            return
        status, body = self._answer(request, [part for part in path if part])
        route.fulfill(status=status, json=body) if status != 204 else route.fulfill(status=204)

    def _answer(self, request, path: list[str]) -> tuple[int, dict | None]:
        told = request.post_data_json if request.method == "POST" else None
        acts = {
            ("POST", 0): lambda: (201, self.open()),
            ("GET", 1): lambda: (200, self.session),
            ("DELETE", 1): self._abandon,
            ("POST", 2): lambda: self._key(told) if path[1] == "key" else (201, self._file(told)),
            ("PUT", 3): lambda: self._piece(path[2], request),
            ("DELETE", 3): lambda: self._forget(path[2]),
        }
        return acts[request.method, len(path)]()

    def _abandon(self) -> tuple[int, None]:
        self.abandoned.append(self.session["id"])
        self.session = None
        return 204, None

    def _forget(self, file: str) -> tuple[int, None]:
        self.session["files"] = [one for one in self.session["files"] if one["id"] != file]
        return 204, None

    def open(self) -> dict:
        """The sending of this person, begun once."""
        self.session = self.session or {
            **{name: int(value) for name, value in PLACE.items()},
            "id": str(uuid.uuid4()),
            "sealed_by": "",
            "public_key": "",
            "custody": custody(),
            "files": [],
        }
        return self.session

    def _key(self, told: dict) -> tuple[int, dict]:
        if self.dealt and self.dealt != told:
            return 409, {"detail": "déjà"}
        self.dealt = told
        self.session |= {"sealed_by": told["sealed_by"], "public_key": told["public_key"]}
        return 200, self.session

    def _file(self, told: dict) -> dict:
        row = {**told, "received": 0, "is_complete": False}
        self.session["files"].append(row)
        self.received[told["id"]] = b""
        return row

    def _piece(self, file: str, request) -> tuple[int, dict]:
        [row] = [one for one in self.session["files"] if one["id"] == file]
        if int(request.headers["upload-offset"]) != row["received"]:
            return 409, {"detail": "reprenez"}
        self.received[file] += request.post_data_buffer
        row["received"] = len(self.received[file])
        row["is_complete"] = row["received"] == row["sealed_size"]
        return 200, row

    @property
    def private_key(self) -> bytes:
        """What two custodians find together."""
        shares = [self._share(one) for one in self.dealt["shares"][:2]]
        private = bytes(combine(shares))
        assert reference.public_of(private) == self.dealt["public_key"]
        return private

    def _share(self, told: dict) -> bytearray:
        person = PEOPLE[told["seat"]]
        place = PLACE | {"bid": self.session["id"], "purpose": "share", "person": person}
        private = reference.derived(SEEDS[person], "custodian/x25519/1")
        return bytearray(reference.unseal(base64.b64decode(told["sealed_share"]), private, place))

    def unsealed(self, sealed: bytes, purpose: str, part: str, lot: str) -> bytes:
        """The plaintext of a part of this bid."""
        place = PLACE | {"bid": self.session["id"], "purpose": purpose, "part": part, "lot": lot}
        return reference.unseal(sealed, self.private_key, place)

    def opened(self, pli: dict, lots: dict) -> dict[str, object]:
        """What a deposit says: {kind and lot: JSON}; `lots`: ids by number."""
        return {
            f"{part['kind']} {part['lot'] or ''}".strip(): json.loads(
                self.unsealed(
                    base64.b64decode(part["sealed"]), part["kind"], part["id"], lots.get(part["lot"], "")
                )
            )
            for part in pli["parts"]
        }
