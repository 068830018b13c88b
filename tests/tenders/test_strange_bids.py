"""One strange bid, sealed by a program that lies, stops neither the opening of the others nor the platform."""

import uuid

import pytest

from tenders.enums import BidState
from tenders.models import Bid
from tests.tenders.factories import make_bid, open_bids
from tests.tenders.test_sealed_elsewhere import answer, client, firm  # noqa: F401  fixtures

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


def deposit_strange(client, firm, tmp_path, monkeypatch, plain: str):  # noqa: F811
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
    plain,  # noqa: F811
):
    tender = firm[0]
    honest = make_bid(tender)
    strange = deposit_strange(client, firm, tmp_path, monkeypatch, plain)
    open_bids(tender)
    states = dict(Bid.objects.values_list("pk", "state"))
    assert states == {honest.pk: BidState.OPENED, uuid.UUID(strange): BidState.UNREADABLE}


def test_the_control_is_read(client, firm, tmp_path, monkeypatch):  # noqa: F811
    strange = deposit_strange(client, firm, tmp_path, monkeypatch, '{"prices": ' + LINES + "}")
    open_bids(firm[0])
    assert Bid.objects.get(pk=strange).state == BidState.OPENED
