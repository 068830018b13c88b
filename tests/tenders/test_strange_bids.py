"""One strange bid, sealed by a program that lies, stops neither the opening of the others nor the platform."""

# ruff: noqa: F811  fixtures of another file
import uuid

import pytest

from foundation.errors import Refusal
from tenders import sealing, selectors, services
from tenders.enums import BidState
from tenders.models import Bid, UploadSession
from tests.tenders.factories import make_bid, make_published, make_supplier, open_bids
from tests.tenders.test_sealed_elsewhere import answer, client, firm  # noqa: F401

pytestmark = pytest.mark.django_db
LINES = '{"UO-1": "1.00", "UO-2": "2.00"}'
STRANGE = {
    "deep": "[" * 100_000,
    "deep inside": '{"prices": ' + "[" * 3000 + "]" * 3000 + "}",
    "list": "[1, 2]",
    "no prices": "{}",
    "prices in a list": '{"prices": ["1.00"]}',
    "numbers": '{"prices": {"UO-1": 1, "UO-2": 2}}',
    "not a number": '{"prices": {"UO-1": "NaN", "UO-2": "1.00"}}',
    "infinite": '{"prices": {"UO-1": "Infinity", "UO-2": "1.00"}}',
    "exponent": '{"prices": {"UO-1": "1e5", "UO-2": "1.00"}}',
    "negative": '{"prices": {"UO-1": "-1.00", "UO-2": "1.00"}}',
    "huge": '{"prices": {"UO-1": "' + "9" * 5000 + '", "UO-2": "1.00"}}',
    "bare huge": '{"prices": ' + "9" * 5000 + "}",
    "fine": '{"prices": {"UO-1": "1.0000001", "UO-2": "1.00"}}',
    "one line more": '{"prices": {"UO-1": "1.00", "UO-2": "2.00", "UO-3": "3.00"}}',
    "one line missing": '{"prices": {"UO-1": "1.00"}}',
    "no line": '{"prices": {}}',
    "not text": b"\xff\xfe\x00\xd8".decode("latin-1"),
    "nothing": "",
    "said twice": '{"prices": {"UO-1": "1.00", "UO-1": "9.00", "UO-2": "2.00"}}',
}


def deposit_strange(client, firm, tmp_path, monkeypatch, plain: str):
    """A bid whose prices are these very words."""
    _tender, shown, _by, bidder, call = firm
    facts = client.Answer.facts

    def strange(self, kind, lot, told):
        if kind == "prices":
            monkeypatch.setattr(client, "canonical", lambda one: _words(one, plain))
        try:
            return facts(self, kind, lot, told)
        finally:
            monkeypatch.undo()
            monkeypatch.setattr(client.Answer, "facts", strange)

    canonical = client.canonical

    def _words(one, plain):
        return plain.encode("latin-1") if "prices" in one else canonical(one)

    monkeypatch.setattr(client.Answer, "facts", strange)
    return answer(client, call, shown, bidder, tmp_path)["bid"]["id"]


@pytest.mark.parametrize("plain", STRANGE.values(), ids=STRANGE)
def test_prices_that_the_platform_would_have_refused_stop_their_bid_only(
    client,
    firm,
    tmp_path,
    monkeypatch,
    plain,
):
    tender = firm[0]
    honest = make_bid(tender)
    strange = deposit_strange(client, firm, tmp_path, monkeypatch, plain)
    open_bids(tender)
    states = dict(Bid.objects.values_list("pk", "state"))
    assert states == {honest.pk: BidState.OPENED, uuid.UUID(strange): BidState.UNREADABLE}


def test_the_control_is_read(client, firm, tmp_path, monkeypatch):
    strange = deposit_strange(client, firm, tmp_path, monkeypatch, '{"prices": ' + LINES + "}")
    open_bids(firm[0])
    assert Bid.objects.get(pk=strange).state == BidState.OPENED


@pytest.mark.parametrize("harm", ["same id twice", "id of a former part", "id of a file"])
def test_an_id_that_is_taken_is_a_refusal(client, firm, tmp_path, harm):
    _tender, shown, _by, bidder, call = firm
    former = answer(client, call, shown, bidder, tmp_path)["bid"]["id"]
    taken = Bid.objects.get(pk=former).parts.get(kind="prices").pk

    def harmed(method, address, **given):
        if address.endswith("/deposit/"):
            parts, files = given["json"]["parts"], given["json"]["files"]
            given["json"]["replaces"] = former
            parts[0]["id"] = {
                "same id twice": parts[1]["id"],
                "id of a former part": str(taken),
                "id of a file": files[0],
            }[harm]
        return call(method, address, **given)

    with pytest.raises(AssertionError):
        answer(client, harmed, shown, bidder, tmp_path)
    assert call.status == 422
    assert Bid.objects.get(bidder=bidder).pk == uuid.UUID(former)


def test_a_key_that_seals_nothing_is_refused(client, firm, tmp_path):
    """A point of small order."""
    _tender, shown, _by, bidder, call = firm

    def harmed(method, address, **given):
        if address.endswith("/key/"):
            given["json"]["public_key"] = "00" * 32
        return call(method, address, **given)

    with pytest.raises(AssertionError):
        answer(client, harmed, shown, bidder, tmp_path)
    assert call.status == 422


def test_a_key_written_in_the_database_by_another_seals_nothing():
    """Whoever holds the platform's role deals a key that he knows to a sending, before its author's first byte."""
    tender, (by, firm) = make_published(), make_supplier()
    session = services.upload_open(tender=tender, bidder=firm, by=by)
    public = sealing.new_key_pair()[1]
    forged = [
        {
            "seat": seat.pk,
            "person": str(seat.custodian_id),
            "x": rank,
            "sealed_share": "00",
            "commitment": "0" * 64,
        }
        for rank, seat in enumerate(selectors.seats_of(session.round), start=1)
    ]
    UploadSession.objects.filter(pk=session.pk).update(
        sealed_by="server", public_key=public, dealt_shares=forged
    )
    envelope = services.envelope_in_progress(tender=tender, bidder=firm, by=by)
    with pytest.raises(Refusal, match="La clé de cet envoi a été changée"):
        envelope.seal_prices(envelope.lots[next(iter(envelope.lots))], {"UO-1": "1.00", "UO-2": "2.00"})
    with pytest.raises(Refusal, match="La clé de cet envoi a été changée"):
        services.upload_add_file(session=session, name="a.pdf", size=10, by=by)


@pytest.mark.parametrize("told", [{"answers": [1]}, {"answers": "x"}, {}, {"answers": [{"question": {}}]}])
def test_answers_that_no_page_could_show_stop_their_bid_only(client, firm, tmp_path, monkeypatch, told):
    tender, shown, _by, bidder, call = firm
    contents, more = client.Answer.contents, []

    def strange(self):
        more.append(self.facts("answers", shown["lots"][1], told))
        return contents(self)

    def sent(method, address, **given):
        if address.endswith("/deposit/"):
            given["json"]["parts"] += more
        return call(method, address, **given)

    monkeypatch.setattr(client.Answer, "contents", strange)
    honest = make_bid(tender)
    strange_bid = answer(client, sent, shown, bidder, tmp_path)["bid"]["id"]
    open_bids(tender)
    states = dict(Bid.objects.values_list("pk", "state"))
    assert states == {honest.pk: BidState.OPENED, uuid.UUID(strange_bid): BidState.UNREADABLE}
