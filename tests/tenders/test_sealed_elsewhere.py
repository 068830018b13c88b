"""A bid sealed before it reaches the platform, by the client that ships with it: opened, proven, repeated, refused."""

import hashlib
import importlib.util
import json
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from django.conf import settings
from django.urls import reverse
from rest_framework.test import APIClient

from foundation.journal.verifier import canonical
from tenders.enums import BidState, SealedBy
from tenders.models import Bid, Offer, OpenedFile, UploadSession
from tenders.services.receipts import manifest_of
from tests.tenders.factories import make_bid, make_published, make_supplier, open_bids

pytestmark = pytest.mark.django_db
CONTENT = b"%PDF-1.7\n" + bytes(range(256)) * 9000
DECLARED = {"is_declared": True}


@pytest.fixture(scope="module")
def client():
    """The client's module, loaded as a program of a firm would."""
    path = Path(settings.BASE_DIR) / "clients" / "python" / "sealing.py"
    spec = importlib.util.spec_from_file_location("jalon_client_sealing", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Caller:
    """The API over Django's test client; keeps the last answer."""

    def __init__(self, user) -> None:
        self._api = APIClient(headers={"If-Match": "*"})
        self._api.force_login(user)
        self.status = 0

    def __call__(self, method, address, json=None, data=None, headers=None):
        if data is None:
            answer = self._api.generic(method, address, _body(json), content_type="application/json")
        else:
            sent = dict(headers)
            kind = sent.pop("Content-Type")
            answer = self._api.generic(method, address, data, content_type=kind, headers=sent)
        self.status = answer.status_code
        told = answer.json() if answer.content else None
        assert answer.status_code < 400, told
        return told


def _body(facts) -> str:
    return "" if facts is None else json.dumps(facts)


@pytest.fixture
def firm():
    """A consultation of two lots, its representation, a supplier and his firm."""
    tender, (by, firm) = make_published(lots=2), make_supplier()
    call = Caller(by)
    return tender, call("GET", f"/api/v1/tenders/{tender.pk}/"), by, firm, call


def answer(client, call, shown, firm, tmp_path, **more):
    """Deposit on lot 2 with one file."""
    path = tmp_path / "mémoire.pdf"
    path.write_bytes(CONTENT)
    given = {
        "tender": shown,
        "bidder": firm.pk,
        "prices": {2: {"UO-1": "1000.00", "UO-2": "2000.00"}},
        "files": [(2, path)],
        "candidature": DECLARED,
    }
    return client.deposit(call, **given | more)


def test_what_a_program_sealed_opens_and_its_contents_prove_what_it_wrote(client, firm, tmp_path):
    tender, shown, _by, bidder, call = firm
    kept = answer(client, call, shown, bidder, tmp_path)
    bid = Bid.objects.get(pk=kept["bid"]["id"])
    assert (call.status, bid.key.sealed_by) == (201, SealedBy.PROGRAM)
    assert bid.key.commitment == hashlib.sha256(kept["contents"].encode()).hexdigest()
    assert hashlib.sha256(manifest_of(bid).encode()).hexdigest() == bid.manifest_sha256
    open_bids(tender)
    bid.refresh_from_db()
    assert bid.state == BidState.OPENED
    offer = Offer.objects.get(bid=bid)
    assert (offer.lot.number, offer.total_excl_tax) == (2, 2 * 1000 + 10 * 2000)
    opened = OpenedFile.objects.get(part__bid=bid)
    assert (opened.name, opened.sha256) == ("mémoire.pdf", hashlib.sha256(CONTENT).hexdigest())
    [told] = [part for part in json.loads(kept["contents"])["parts"] if part["kind"] == "file"]
    assert told["sha256"] == opened.sha256


def test_the_same_deposit_again_gives_the_same_bid(client, firm, tmp_path, monkeypatch):
    """After a lost answer, the first thing that a program does."""
    _tender, shown, _by, bidder, call = firm
    bodies = []

    def recorded(method, address, **given):
        if address.endswith("/deposit/"):
            bodies.append((method, address, given))
        return call(method, address, **given)

    first = answer(client, recorded, shown, bidder, tmp_path)["bid"]
    [(method, address, given)] = bodies
    again = call(method, address, **given)
    assert (call.status, again["id"]) == (200, first["id"])
    assert Bid.objects.filter(bidder=bidder).count() == 1


def test_what_its_author_did_not_see_is_a_conflict_that_loses_nothing(client, firm, tmp_path):
    tender, shown, by, bidder, call = firm
    make_bid(tender, by=by, bidder=bidder)
    with pytest.raises(AssertionError, match="Ce que vous voyez"):
        answer(client, call, shown, bidder, tmp_path)
    assert call.status == 409
    session = UploadSession.objects.get(bidder=bidder, state="open")
    assert session.files.filter(removed_at=None).count() == 1, "the file waits"
    assert Bid.objects.filter(bidder=bidder, state=BidState.DEPOSITED).count() == 1


def test_a_second_key_for_the_same_sending_is_refused_and_the_same_one_is_not(client, firm):
    _tender, shown, _by, bidder, call = firm
    sending = call("POST", reverse("api:upload-list"), json={"tender": shown["id"], "bidder": bidder.pk})
    own = f"/api/v1/uploads/{sending['id']}/key/"
    key = client.Answer(sending).key
    call("POST", own, json=key)
    call("POST", own, json=key)
    with pytest.raises(AssertionError, match="autre clé"):
        call("POST", own, json=client.Answer(sending).key)
    assert call.status == 409


@pytest.mark.parametrize("harm", ["missing", "stranger", "twice"])
def test_every_custodian_has_exactly_one_share(client, firm, harm):
    _tender, shown, _by, bidder, call = firm
    sending = call("POST", reverse("api:upload-list"), json={"tender": shown["id"], "bidder": bidder.pk})
    key = client.Answer(sending).key
    if harm == "missing":
        key["shares"].pop()
    elif harm == "stranger":
        key["shares"][0]["seat"] = 10**9
    else:
        key["shares"][1]["x"] = key["shares"][0]["x"]
    with pytest.raises(AssertionError, match="une part de la clé pour chaque dépositaire"):
        call("POST", f"/api/v1/uploads/{sending['id']}/key/", json=key)


def test_a_file_in_clear_is_refused_where_the_sender_seals(client, firm):
    _tender, shown, _by, bidder, call = firm
    sending = call("POST", reverse("api:upload-list"), json={"tender": shown["id"], "bidder": bidder.pk})
    own = f"/api/v1/uploads/{sending['id']}/"
    call("POST", f"{own}key/", json=client.Answer(sending).key)
    with pytest.raises(AssertionError, match="ne reçoit pas de fichier en clair"):
        call("POST", f"{own}files/", json={"name": "a.pdf", "size": 10})


@pytest.mark.parametrize("harm", ["no contents", "two prices", "unknown lot", "no price", "other commitment"])
def test_an_answer_that_the_consultation_does_not_take(client, firm, tmp_path, harm, monkeypatch):
    tender, shown, _by, bidder, call = firm

    def harmed(method, address, **given):
        if address.endswith("/deposit/"):
            parts = given["json"]["parts"]
            if harm == "no contents":
                parts.pop()
            elif harm == "two prices":
                parts.append(parts[0] | {"id": "6f1c3a52-0000-4000-8000-000000000001"})
            elif harm == "unknown lot":
                parts[0]["lot"] = 9
            elif harm == "no price":
                del parts[0]
            else:
                given["json"]["commitment"] = "0" * 64
        return call(method, address, **given)

    if harm == "other commitment":
        answer(client, harmed, shown, bidder, tmp_path)
        open_bids(tender)
        assert Bid.objects.get(bidder=bidder).state == BidState.UNREADABLE, "found at the opening"
        return
    with pytest.raises(AssertionError):
        answer(client, harmed, shown, bidder, tmp_path)
    assert call.status == 422 and not Bid.objects.filter(bidder=bidder).exists()


def test_a_custodian_whose_keys_he_did_not_sign_receives_no_share(client, firm):
    """The client compares before it seals: the platform may be in somebody else's hands."""
    _tender, shown, _by, bidder, call = firm
    sending = call("POST", reverse("api:upload-list"), json={"tender": shown["id"], "bidder": bidder.pk})
    sending["custody"]["custodians"][0]["public_key"] = "11" * 32
    with pytest.raises(InvalidSignature):
        client.Answer(sending)


def test_the_client_writes_json_as_the_verifier_reads_it(client):
    facts = {"b": 1, "a": ["x"]}
    assert client.canonical(facts) == canonical(facts)
