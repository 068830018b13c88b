"""What the pages take from a device that sealed or unsealed itself: the platform's doors, without a browser."""

import base64
import json
import uuid
from html import unescape

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from foundation.accounts.enums import Role
from tenders import identities, selectors, services, shares
from tenders.enums import BidState, SealedBy
from tenders.envelopes import place_binding
from tenders.models import Bid, CustodianKey, OpeningAlarm
from tests.accounts.factories import make_buyer_org, make_member
from tests.tenders import sealing_reference as reference
from tests.tenders.factories import (
    PASSPHRASE,
    custodians_of,
    make_bid,
    make_published,
    make_supplier,
    pass_deadline,
)

pytestmark = pytest.mark.django_db


def address(name, *args):
    return reverse(f"tenders:{name}", args=args)


class Device:
    """A device that deals its key through the API, then seals the page's answer."""

    def __init__(self, client, tender, by, firm) -> None:
        self.client, self.tender, self.firm = client, tender, firm
        api = APIClient(headers={"If-Match": "*"})
        api.force_login(by)
        self.session = api.post(
            reverse("api:upload-list"), {"tender": tender.pk, "bidder": firm.pk}, format="json"
        ).json()
        people = {one["seat"]: (one["person"], bytes.fromhex(one["public_key"])) for one in self.custodians}
        place = (tender.pk, self.session["round"], None, firm.pk, self.session["id"], None)
        dealing = shares.deal(place_binding("share", place), people, self.session["custody"]["threshold"])
        self.public_key = dealing.public_key
        told = [
            {
                "seat": one.seat,
                "x": one.x,
                "sealed_share": base64.b64encode(one.sealed_share).decode(),
                "commitment": one.commitment,
            }
            for one in dealing.shares
        ]
        body = {"sealed_by": "device", "public_key": dealing.public_key.hex(), "shares": told}
        answer = api.post(f"{reverse('api:upload-list')}{self.session['id']}/key/", body, format="json")
        assert answer.status_code == 200, answer.json()

    @property
    def custodians(self) -> list[dict]:
        return self.session["custody"]["custodians"]

    def part(self, kind: str, lot, plain: dict) -> dict:
        told = reference.canonical(plain)
        part_id = str(uuid.uuid4())
        place = {
            "tender": str(self.tender.pk),
            "round": str(self.session["round"]),
            "lot": str(lot.pk) if lot else "",
            "bidder": str(self.firm.pk),
            "bid": self.session["id"],
            "part": part_id,
            "purpose": kind,
        }
        sealed = reference.seal([told + b" " * (-len(told) % 4096)], self.public_key, place)
        number = lot.number if lot else None
        return {"id": part_id, "kind": kind, "lot": number, "sealed": base64.b64encode(sealed).decode()}

    def pli(self, **changes) -> dict:
        lot = self.tender.lots.get()
        prices = {line.code: "1250.50" for line in lot.price_lines.all()}
        contents = {"jalon": "contents/1", "bid": self.session["id"], "salt": "00" * 32, "parts": []}
        parts = [self.part("prices", lot, {"prices": prices}), self.part("contents", None, contents)]
        commitment = reference.hashlib.sha256(reference.canonical(contents)).hexdigest()
        told = {"parts": parts, "commitment": commitment, "files": [], "replaces": None}
        return told | {"depot": self.session["id"]} | changes

    def deposit(self, pli: dict | str, **more):
        data = {"declared": "on", "pli": pli if isinstance(pli, str) else json.dumps(pli), **more}
        return self.client.post(address("answer", self.tender.pk) + f"?depot={self.session['id']}", data)


@pytest.fixture
def device(client):
    tender, (by, firm) = make_published(), make_supplier()
    client.force_login(by)
    return Device(client, tender, by, firm)


def test_a_sealed_answer_is_deposited_once_and_its_receipt_says_who_sealed(device, client):
    pli = device.pli()
    first, again = device.deposit(pli), device.deposit(pli)
    bid = Bid.objects.get()
    assert first.url == address("bid", bid.pk) + "?nouveau=1"
    assert again.url == address("bid", bid.pk) + "?deja=1"
    assert bid.key.sealed_by == SealedBy.DEVICE and bid.key.commitment == pli["commitment"]
    told = client.get(first.url).content.decode()
    assert (
        "votre appareil" in told
        and identities.fingerprint(bytes.fromhex(device.custodians[0]["public_key"])) in told
    )


@pytest.mark.parametrize(
    "pli", ["{", "[]", '{"parts": 1}', '{"parts": [], "files": ["x"], "replaces": null}']
)
def test_a_sealed_answer_that_arrived_broken_is_refused_in_words(device, pli):
    page = device.deposit(pli)
    assert page.status_code == 200
    assert "est arrivé incomplet : rechargez la page" in page.content.decode()
    assert not Bid.objects.exists()


def test_what_the_device_saw_must_still_be_there(device):
    page = device.deposit(device.pli(files=[str(uuid.uuid4())]))
    assert page.status_code == 409
    assert "plus à jour" in page.content.decode() and not Bid.objects.exists()
    assert device.deposit(device.pli()).status_code == 302


def test_without_scripts_a_sending_of_a_device_is_said_and_may_be_abandoned(device, client):
    page = client.post(address("answer", device.tender.pk), {"declared": "on"})
    assert page.status_code == 409
    assert "Abandonner cet envoi" in page.content.decode() or "scelle lui-même" in page.content.decode()
    client.post(address("sending_abandon", device.tender.pk, device.session["id"]))
    assert client.post(address("answer", device.tender.pk), {"declared": "on"}).status_code == 200


class TestCustodian:
    @pytest.fixture
    def custodian(self, client):
        person = make_member(make_buyer_org(), Role.CUSTODIAN)
        client.force_login(person)
        return person

    def made(self, person) -> tuple[bytes, dict]:
        seed = bytes(range(32))
        facts = reference.public_facts(seed, str(person.pk))
        locked, parameters = identities.lock(seed, PASSPHRASE, str(person.pk))
        return seed, facts | {"locked": locked.hex(), "parameters": parameters}

    def test_a_key_made_on_the_device_is_kept_without_any_passphrase(self, client, custodian):
        _seed, made = self.made(custodian)
        client.post(address("custodian_key"), {"key": json.dumps(made), "understood": "on"})
        key = CustodianKey.objects.get()
        assert key.made_by == SealedBy.DEVICE and bytes(key.public_key).hex() == made["public_key"]
        assert identities.fingerprint(key.public_key) in client.get(address("custodian_key")).content.decode()

    def test_a_key_that_is_not_certified_is_refused(self, client, custodian):
        _seed, made = self.made(custodian)
        page = client.post(
            address("custodian_key"),
            {"key": json.dumps(made | {"certificate": "00" * 64}), "understood": "on"},
        )
        assert "rechargez la page" in page.content.decode() and not CustodianKey.objects.exists()

    def test_a_device_proves_its_key_by_signing_a_challenge(self, client, custodian):
        seed, made = self.made(custodian)
        client.post(address("custodian_key"), {"key": json.dumps(made), "understood": "on"})
        told = client.get(address("own_key")).json()
        assert told["locked"] == made["locked"] and told["person"] == str(custodian.pk)
        signature = reference.rehearsed(seed, told["challenge"], told["person"])
        wrong = {"challenge": told["challenge"], "signature": "00" * 64}
        assert (
            client.post(address("key_rehearsal"), {"repetition-signature": json.dumps(wrong)}).status_code
            == 200
        )
        right = wrong | {"signature": signature}
        assert (
            client.post(address("key_rehearsal"), {"repetition-signature": json.dumps(right)}).status_code
            == 302
        )
        assert selectors.current_custodian_key(custodian).rehearsals.count() == 1


def test_the_bids_open_with_shares_that_devices_unsealed(client):
    tender = make_published()
    bid = make_bid(tender)
    people = custodians_of(tender)[: tender.custodian_threshold]
    client.force_login(people[0])
    assert client.get(address("own_shares", tender.pk)).status_code == 409, "before the deadline"
    pass_deadline(tender)
    for person in people:
        client.force_login(person)
        client.post(address("opening", tender.pk), {"interet-has_interest": "non"})
        told = client.get(address("own_shares", tender.pk)).json()
        own = identities.unlock(bytes.fromhex(told["locked"]), PASSPHRASE, told["parameters"], told["person"])
        given = [unsealed(told, one, own.share_key) for one in told["bids"]]
        answer = client.post(address("opening", tender.pk), {"shares": json.dumps(given)})
        assert answer.status_code == 302, answer.content.decode()
    bid.refresh_from_db()
    assert bid.state == BidState.OPENED


def unsealed(told, one, private) -> dict:
    place = {name: told[name] for name in ("tender", "round", "person")}
    place |= {"bid": one["bid"], "bidder": one["bidder"], "purpose": "share"}
    share = reference.unseal(base64.b64decode(one["sealed_share"]), private, place)
    return {"bid": one["bid"], "share": base64.b64encode(share).decode()}


def alarm_of(tender, kind, bid="") -> OpeningAlarm:
    found = [{"kind": kind, "bid": bid, "bidder": ""}]
    return services.alarm_raise(round=tender.rounds.get(), findings=found)


def test_an_alarm_is_told_in_words_and_a_signatory_decides(client):
    tender = make_published()
    alarm = alarm_of(tender, "missing", str(uuid.uuid4()))
    signatory = make_member(tender.buyer, Role.SIGNATORY)
    client.force_login(tender.created_by)
    told = unescape(client.get(address("opening", tender.pk)).content.decode())
    assert "la base ne l'a plus" in told and "Ouvrir ce qui est intact" not in told
    decide = address("alarm_decide", tender.pk, alarm.pk)
    assert client.post(decide, {"alerte-reason": "non"}).status_code == 404
    client.force_login(signatory)
    assert "Ouvrir ce qui est intact" in client.get(address("opening", tender.pk)).content.decode()
    client.post(decide, {"alerte-reason": ""})
    assert OpeningAlarm.objects.get().decided_at is None
    client.post(decide, {"alerte-reason": "Expliqué par l'exploitation."})
    assert OpeningAlarm.objects.get().decided_by == signatory
    assert "Expliqué par" in client.get(address("opening", tender.pk)).content.decode()


def test_a_changed_deadline_is_not_decided_away(client):
    tender = make_published()
    alarm = alarm_of(tender, "deadline")
    client.force_login(make_member(tender.buyer, Role.SIGNATORY))
    told = unescape(client.get(address("opening", tender.pk)).content.decode())
    assert "rétablit d'abord" in told and "Ouvrir ce qui est intact" not in told
    client.post(address("alarm_decide", tender.pk, alarm.pk), {"alerte-reason": "Quand même."})
    assert OpeningAlarm.objects.get().decided_at is None
