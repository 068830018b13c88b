"""Writes `sealing-2.json` anew (`python -m tests.tenders.vectors.make`): each side seals for the other."""

import json
from pathlib import Path

from pyshamir import split

from tests.tenders import sealing_reference as reference
from tests.tenders.browser_sealing import sealing_page

FILE = Path(__file__).parent / "sealing-2.json"
BID, PART = "6f2b0c1e-6f0e-4d0a-9d5e-0a4b7a1f3c55", "0b1d7c92-30c4-4d2f-8a8e-1c2f54b2a9d0"
PLACE = {"tender": "12", "round": "34", "lot": "56", "bidder": "78", "bid": BID, "part": PART}
PRIVATE = bytes(range(32))
SEED = bytes(range(100, 132))
TEXTS = {"10": 1, "9": 2, "é€": 'a"b\\c/\n\t\x7f', "a": ["𝄞", True, None, 7], "A": {"z": {}, "b": []}}
STRETCH = {"kdf": "scrypt", "n": 1024, "r": 8, "p": 1, "salt": "00112233445566778899aabbccddeeff"}
SEAL = """async ([segments, key, place]) => {
  const {bytes, seal} = JalonSealing;
  const sealed = await seal.seal(bytes.utf8(segments.join("")), await seal.publicKey(bytes.fromHex(key)), place);
  return bytes.toHex(sealed);
}"""
SPLIT = """async (secret) => {
  const {bytes, deal} = JalonSealing;
  return (await deal.split(bytes.fromHex(secret), 3, 2)).map(bytes.toHex);
}"""


def hpke(page) -> list[dict]:
    """Contents sealed by each side."""
    public = reference.public_of(PRIVATE)
    place = PLACE | {"purpose": "file"}
    texts = {"prices": ['{"prices":{"DEV":"1250.00"}}'], "file": [""], "answers": ["première ", "", "suite"]}
    made = [
        {
            "by": "python",
            "place": place | {"purpose": purpose},
            "plain": "".join(segments),
            "sealed": reference.seal(
                [segment.encode() for segment in segments],
                bytes.fromhex(public),
                place | {"purpose": purpose},
            ).hex(),
        }
        for purpose, segments in texts.items()
    ]
    return made + [
        {**one, "by": "javascript", "sealed": page.evaluate(SEAL, [[one["plain"]], public, one["place"]])}
        for one in made
    ]


def custodian() -> dict:
    """A custodian's key under a passphrase."""
    nonce, normal = bytes(12), "quatre cailloux blancs"
    locked = reference.cipher(normal, STRETCH).encrypt(nonce, SEED, b"custodian:9")
    facts = reference.public_facts(SEED, "9")
    return facts | {
        "seed": SEED.hex(),
        "person": "9",
        "passphrase": " \u00a0quatre\tcailloux\n ﬀ".replace("ﬀ", "blancs "),
        "normalised": normal,
        "parameters": STRETCH,
        "locked": (nonce + locked).hex(),
        "challenge": "ab" * 32,
        "signature": reference.rehearsed(SEED, "ab" * 32, "9"),
        "fingerprint": reference.fingerprint(facts["public_key"]),
    }


def dealt(page) -> list[dict]:
    """Shares cut by each side."""
    shares = {
        "python": [bytes(share).hex() for share in split(PRIVATE, 3, 2)],
        "javascript": page.evaluate(SPLIT, PRIVATE.hex()),
    }
    return [
        {
            "by": side,
            "secret": PRIVATE.hex(),
            "threshold": 2,
            "shares": cut,
            "commitments": [reference.share_commitment(BID, "9", bytes.fromhex(share)) for share in cut],
        }
        for side, cut in shares.items()
    ]


def vectors(page) -> dict:
    """Everything that both sides must find."""
    facts = {"bid": BID, "parts": [], "threshold": 2, "jalon": "manifest/2", "sealed_by": "device"}
    return {
        "bid": BID,
        "private_key": PRIVATE.hex(),
        "canonical": [
            {"value": value, "text": reference.canonical(value).decode()} for value in (TEXTS, [], "é")
        ],
        "info": [
            {"place": PLACE | {"purpose": "file"}, "segment": 3, "final": False},
            {"place": {"purpose": "share", "person": "9", "bid": BID}, "segment": 0, "final": True},
        ],
        "padded": [[0, 0], [1, 4096], [4096, 4096], [4097, 8192]],
        "manifest": {
            "facts": facts,
            "sha256": reference.hashlib.sha256(reference.canonical(facts)).hexdigest(),
        },
        "hpke": hpke(page),
        "shares": dealt(page),
        "custodian": custodian(),
    }


if __name__ == "__main__":
    with sealing_page() as page:
        found = vectors(page)
    for one in found["info"]:
        one["text"] = reference.info(one["place"], one["segment"], one["final"]).decode()
    FILE.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
