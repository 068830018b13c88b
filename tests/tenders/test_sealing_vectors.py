"""One format, written twice: what the device seals the platform opens, and the other way round, byte for byte."""

import base64
import hashlib
import json
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from pyshamir import combine

from tests.tenders import sealing_reference as reference
from tests.tenders.browser_sealing import BUNDLES, ROOT, sealing_page

VECTORS = json.loads((Path(__file__).parent / "vectors" / "sealing-2.json").read_text())
CLIENT = ROOT / "clients" / "browser"
PRIVATE = bytes.fromhex(VECTORS["private_key"])


@pytest.fixture(scope="module")
def page():
    """The committed bundles in Chromium."""
    with sealing_page() as found:
        yield found


class TestReference:
    def test_canonical_texts_and_infos_are_those_of_the_vectors(self):
        for one in VECTORS["canonical"]:
            assert reference.canonical(one["value"]).decode() == one["text"]
        for one in VECTORS["info"]:
            assert reference.info(one["place"], one["segment"], one["final"]).decode() == one["text"]

    @pytest.mark.parametrize("one", VECTORS["hpke"], ids=lambda one: f"{one['by']}-{one['place']['purpose']}")
    def test_what_each_side_sealed_opens_in_its_place_and_nowhere_else(self, one):
        sealed = bytes.fromhex(one["sealed"])
        assert reference.unseal(sealed, PRIVATE, one["place"]).decode() == one["plain"]
        with pytest.raises(InvalidTag):
            reference.unseal(sealed, PRIVATE, one["place"] | {"round": "35"})

    @pytest.mark.parametrize("one", VECTORS["shares"], ids=lambda one: one["by"])
    def test_shares_of_each_side_rebuild_the_key(self, one):
        shares = [bytearray.fromhex(share) for share in one["shares"]]
        assert bytes(combine(shares[:2])).hex() == bytes(combine(shares[1:])).hex() == one["secret"]
        assert [reference.share_commitment(VECTORS["bid"], "9", bytes(share)) for share in shares] == one[
            "commitments"
        ]

    def test_a_custodians_key(self):
        told = VECTORS["custodian"]
        seed, locked = bytes.fromhex(told["seed"]), bytes.fromhex(told["locked"])
        assert reference.public_facts(seed, "9").items() <= told.items()
        assert reference.rehearsed(seed, told["challenge"], "9") == told["signature"]
        opened = reference.cipher(told["normalised"], told["parameters"])
        assert opened.decrypt(locked[:12], locked[12:], b"custodian:9") == seed


class TestDevice:
    def test_canonical_texts_and_infos(self, page):
        for one in VECTORS["canonical"]:
            told = page.evaluate("(value) => JalonSealing.canonical.canonicalText(value)", one["value"])
            assert told == one["text"]
        for one in VECTORS["info"]:
            asked = [one["place"], one["segment"], one["final"]]
            told = page.evaluate(
                "([place, rank, final]) => JalonSealing.bytes.text(JalonSealing.seal.info(place, rank, final))",
                asked,
            )
            assert told == one["text"]

    def test_padding_manifest_and_fingerprint(self, page):
        for length, padded in VECTORS["padded"]:
            assert (
                page.evaluate("(n) => JalonSealing.seal.padded(new Uint8Array(n)).length", length) == padded
            )
        facts = VECTORS["manifest"]["facts"]
        told = page.evaluate("(facts) => JalonSealing.manifest.manifestDigest(facts)", facts)
        assert told == VECTORS["manifest"]["sha256"]

    @pytest.mark.parametrize("one", VECTORS["hpke"], ids=lambda one: f"{one['by']}-{one['place']['purpose']}")
    def test_what_each_side_sealed_opens_in_its_place_and_nowhere_else(self, page, one):
        script = """async ([sealed, key, place]) => {
          const {bytes, seal} = JalonSealing;
          const opened = seal.unseal(bytes.fromHex(sealed), bytes.fromHex(key), place);
          return opened.then(bytes.text, () => null);
        }"""
        asked = [one["sealed"], VECTORS["private_key"]]
        assert page.evaluate(script, [*asked, one["place"]]) == one["plain"]
        assert page.evaluate(script, [*asked, one["place"] | {"lot": "57"}]) is None

    def test_a_cut_or_reordered_content_does_not_open(self, page):
        [one] = [
            one for one in VECTORS["hpke"] if one["by"] == "python" and one["place"]["purpose"] == "answers"
        ]
        whole = bytes.fromhex(one["sealed"])
        first = whole[: 4 + int.from_bytes(whole[:4], "big")]
        for altered in (first, whole[len(first) :], whole[:-1], whole + first, b""):
            script = """async ([sealed, key, place]) => {
              const {bytes, seal} = JalonSealing;
              const opened = async () => seal.unseal(bytes.fromHex(sealed), bytes.fromHex(key), place);
              return opened().then(() => "opened", () => "refused");
            }"""
            asked = [altered.hex(), VECTORS["private_key"], one["place"]]
            assert page.evaluate(script, asked) == "refused"

    @pytest.mark.parametrize("one", VECTORS["shares"], ids=lambda one: one["by"])
    def test_shares_of_each_side_rebuild_the_key(self, page, one):
        script = """async (shares) => {
          const {bytes, deal} = JalonSealing;
          return bytes.toHex(await deal.combine(shares.map(bytes.fromHex)));
        }"""
        assert page.evaluate(script, one["shares"][:2]) == one["secret"]
        assert page.evaluate(script, one["shares"][1:]) == one["secret"]

    def test_what_a_device_deals_opens_for_each_custodian_and_rebuilds_the_key(self, page):
        seeds = {str(person): bytes([person]) * 32 for person in (9, 10, 101)}
        people = [
            {"seat": seat, "person": person, **reference.public_facts(seed, person)}
            for seat, (person, seed) in enumerate(seeds.items())
        ]
        place = {"tender": "1", "round": "2", "bidder": "3", "bid": VECTORS["bid"]}
        script = "([place, custody]) => JalonSealing.deal.deal(place, custody)"
        dealt = page.evaluate(script, [place, {"threshold": 2, "custodians": people}])
        shares = [self._share(seeds, people[one["seat"]], one, place) for one in dealt["shares"]]
        assert reference.public_of(bytes(combine(shares[:2]))) == dealt["public_key"]
        assert reference.public_of(bytes(combine(shares[1:]))) == dealt["public_key"]
        assert [one["person"] for one in dealt["custodians"]] == ["9", "10", "101"]
        assert all(
            set(one) == {"commitment", "key", "person", "sealed_sha256", "x"} for one in dealt["custodians"]
        )

    def _share(self, seeds, custodian, one, place) -> bytearray:
        person = custodian["person"]
        private = reference.derived(seeds[person], "custodian/x25519/1")
        sealed = base64.b64decode(one["sealed_share"])
        share = reference.unseal(sealed, private, place | {"purpose": "share", "person": person})
        assert share[-1] == one["x"]
        assert reference.share_commitment(place["bid"], person, share) == one["commitment"]
        return bytearray(share)

    def test_a_custodians_key(self, page):
        told = VECTORS["custodian"]
        script = """async (told) => {
          const {bytes, custodian} = JalonCustody;
          const seed = await custodian.unlock(told.locked, told.passphrase, told.parameters, told.person);
          const wrong = custodian.unlock(told.locked, "autre", told.parameters, told.person);
          return {
            seed: bytes.toHex(seed),
            ...custodian.publicFacts(seed, told.person),
            signature: custodian.rehearse(seed, told.challenge, told.person),
            fingerprint: custodian.fingerprint(told.public_key),
            normalised: custodian.normalised(told.passphrase),
            wrong: await wrong.then(() => "opened", () => "refused"),
            certified: [told.person, "10"].map((person) => custodian.isCertified({...told, person})),
          };
        }"""
        found = page.evaluate(script, told)
        assert found.pop("wrong") == "refused"
        assert found.pop("certified") == [True, False]
        assert found.items() <= told.items()

    def test_a_key_made_on_the_device_opens_on_the_server(self, page):
        script = (
            """(stretch) => JalonCustody.custodian.newKey("  quatre   cailloux ", "9", undefined, stretch)"""
        )
        made = page.evaluate(script, {"kdf": "scrypt", "n": 1024, "r": 8, "p": 1})
        locked = bytes.fromhex(made["locked"])
        cipher = reference.cipher("quatre cailloux", made["parameters"])
        seed = cipher.decrypt(locked[:12], locked[12:], b"custodian:9")
        assert reference.public_facts(seed, "9").items() <= made.items()

    def test_a_drawn_passphrase_is_worth_sixty_bits_and_weak_ones_are_not(self, page):
        estimate = "(text) => JalonCustody.words.estimate(text)"
        drawn = page.evaluate("() => JalonCustody.words.draw()")
        assert len(drawn.split()) == 6
        assert page.evaluate(estimate, "quatre cailloux blancs dorment sous la vieille grange rouge") >= 60
        weak = [
            "a" * 40,
            " " * 16,
            "1234567890123456",
            "camille.martin@jalon.example",
            "mot de passe secret",
            "",
        ]
        assert [text for text in weak if page.evaluate(estimate, text) >= 60] == []
        assert page.evaluate(estimate, "chat chat chat chat chat chat chat") < 12


PART = {"id": "a", "kind": "prices", "lot": "5", "sha256": "aa", "size": 9, "facts_sha256": ""}
OWN = {
    **{"bid": "b", "commitment": "c", "public_key": "k", "sealed_by": "device"},
    "custodians": [{"person": "9", "key": "x", "x": 3, "commitment": "d", "sealed_sha256": "e"}],
    "parts": [PART],
}
CANDIDATURE = {**PART, "id": "z", "kind": "candidature", "lot": ""}
PAPER = {**PART, "id": "y", "kind": "file", "lot": ""}


@pytest.mark.parametrize(
    ("changes", "lost", "added"),
    [
        ({}, [], []),
        ({"parts": [PART, CANDIDATURE, PAPER]}, [], []),
        ({"public_key": "other"}, ["public_key"], []),
        ({"sealed_by": "server"}, ["sealed_by"], []),
        ({"custodians": [{**OWN["custodians"][0], "key": "other"}]}, ["custodians"], []),
        ({"parts": []}, ["a"], []),
        ({"parts": [{**PART, "sha256": "bb"}]}, ["a"], []),
        ({"parts": [PART, {**PART, "id": "w"}]}, [], ["w"]),
    ],
)
def test_the_device_finds_in_the_manifest_what_is_not_its_own(page, changes, lost, added):
    told = page.evaluate("([told, own]) => JalonSealing.manifest.compared(told, own)", [OWN | changes, OWN])
    assert (told["lost"], told["added"]) == (lost, added)


AMOUNTS = [
    ("1250", "1250.00"),
    ("1 250,5", "1250.50"),
    ("1\u202f250.05", "1250.05"),
    ("1\u00a0250 €", "1250.00"),
    ("007", "7.00"),
    ("0", "0.00"),
    ("9999999999,99", "9999999999.99"),
]
REFUSED = [
    "",
    "7e2",
    "12.345",
    "٧٠٠",
    "1 25",
    "12 50",
    "1,250.00",
    "1.250,00",
    "-5",
    "+5",
    "1  250",
    "1250 250",
]
REFUSED += ["10000000000", "1_000", "0x10", "NaN", "Infinity", ",5", "5,", "½", "１２", "1'250"]


class TestAmounts:
    def test_the_device_reads_amounts_strictly(self, page):
        parse = "(text) => JalonSealing.amounts.parseAmount(text).value || null"
        assert [(text, page.evaluate(parse, text)) for text, _value in AMOUNTS] == AMOUNTS
        assert [text for text in REFUSED if page.evaluate(parse, text) is not None] == []

    def test_totals_are_exact(self, page):
        rows = [["0.10", "3"], ["1250.35", "12.5"], ["9999999999.99", "1000"]]
        exact = sum(Decimal(price) * Decimal(quantity) for price, quantity in rows)
        told = page.evaluate("(rows) => JalonSealing.amounts.total(rows)", rows)
        assert told == f"{exact.quantize(Decimal('0.01'), rounding='ROUND_HALF_UP')}"
        assert (
            page.evaluate("() => JalonSealing.amounts.euros('1234567.50')") == "1\u202f234\u202f567,50\u00a0€"
        )


class TestBundles:
    """What is served is what its digest says, and what its source makes."""

    def test_the_bundles_are_those_of_their_digests(self):
        told = dict(reversed(line.split()) for line in (BUNDLES / "bundles.sha256").read_text().splitlines())
        assert told == {
            name: hashlib.sha256((BUNDLES / name).read_bytes()).hexdigest()
            for name in ("sealing.js", "custody.js")
        }

    def test_the_lock_names_no_registry(self):
        assert "http" not in (CLIENT / "package-lock.json").read_text().replace(
            "https://paulmillr.com/funding/", ""
        )

    def test_building_again_gives_the_same_bytes(self, tmp_path):
        node = shutil.which("node")
        if not node or not (CLIENT / "node_modules").is_dir():
            pytest.skip("needs node and `npm ci` in clients/browser")
        subprocess.run(
            [node, "build.mjs"],
            cwd=CLIENT,
            check=True,
            env={"JALON_BUNDLES": str(tmp_path), "PATH": "/usr/bin"},
        )
        for built in tmp_path.iterdir():
            assert built.read_bytes() == (BUNDLES / built.name).read_bytes(), built.name
