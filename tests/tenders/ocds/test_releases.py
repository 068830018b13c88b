"""What is published of a consultation, act after act; nothing of a bid before the award (S1, X6)."""

import json

import pytest

from foundation.accounts.enums import Role
from foundation.clock import now
from foundation.open_data.models import Record, Release
from tenders import services
from tests.accounts.factories import make_member
from tests.tenders.factories import make_bid, make_draft, make_published, open_bids, score_all

pytestmark = pytest.mark.django_db


def last() -> dict:
    return json.loads(Release.objects.order_by("pk").last().text)


def awarded(tender):
    """The best offer of each lot is awarded."""
    from tenders.ranking import ranking

    for lot in tender.lots.all():
        best = ranking(lot)[0].offer
        services.lot_award(lot=lot, offers=[best], by=tender.created_by, at=now())
    signatory = make_member(tender.buyer, Role.SIGNATORY)
    return services.tender_award(tender=tender, by=signatory, at=now())


def test_a_draft_is_never_told():
    make_draft()
    assert not Release.objects.exists()


def test_the_publication_tells_the_notice():
    tender = make_published(lots=2)
    told = last()
    assert told["tag"] == ["tender"]
    assert told["tender"]["id"] == tender.reference
    assert [lot["id"] for lot in told["tender"]["lots"]] == ["1", "2"]
    weights = [one["numbers"][0]["number"] for one in told["tender"]["lots"][0]["awardCriteria"]["criteria"]]
    assert weights == [40, 50, 10]
    assert told["tender"]["techniques"]["frameworkAgreement"]["value"]["amount"] == 1_500_000
    assert told["tender"]["hasSustainability"] is True


def test_a_deposit_publishes_nothing():
    tender = make_published()
    make_bid(tender)
    assert Release.objects.count() == 1


def test_the_opening_tells_how_many_and_not_who():
    tender = make_published()
    bid = make_bid(tender)
    open_bids(tender)
    told = last()
    assert told["tag"] == ["tenderUpdate"]
    assert told["bids"]["statistics"][0]["value"] == 1
    assert bid.bidder.siret not in json.dumps(told)


def test_the_award_tells_the_holders_and_nobody_s_price():
    tender = make_published()
    make_bid(tender, prices={"UO-1": "1234.56", "UO-2": "27182818.28"})
    loser = make_bid(tender, prices={"UO-1": "9999.99", "UO-2": "31415926.53"})
    tender = open_bids(tender)
    score_all(tender)
    tender = awarded(tender)
    text = Release.objects.order_by("pk").last().text
    assert json.loads(text)["awards"][0]["relatedLots"] == ["1"]
    assert loser.bidder.siret not in text
    assert not [price for price in ("1234.56", "31415926.53", "9999.99", "27182818.28") if price in text]


def test_giving_up_tells_it():
    tender = make_published()
    services.tender_cancel(tender=tender, reason="Le besoin a disparu.", by=tender.created_by, at=now())
    assert (last()["tag"], last()["tender"]["status"]) == (["tenderCancellation"], "cancelled")
    assert json.loads(Record.objects.get().text)["compiledRelease"]["tender"]["status"] == "cancelled"
