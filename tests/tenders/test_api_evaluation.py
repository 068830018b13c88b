"""From the opened offers to the contract served, through the API alone; and what it never tells of others."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from foundation.accounts.enums import Role
from foundation.clock import now
from tenders.models import Contract
from tests.accounts.factories import make_member
from tests.tenders.factories import PDF, make_bid, make_published, make_supplier, open_bids, score_all
from tests.tenders.signed_pdf import signed_pdf
from tests.tenders.test_api import client_of

pytestmark = pytest.mark.django_db
API = "/api/v1"
LOSING = {"UO-1": "31415.92", "UO-2": "9000"}


@pytest.fixture
def opened():
    """An opened consultation, the suppliers of its winner and of its loser."""
    tender = make_published()
    winner, loser = make_supplier(), make_supplier()
    make_bid(tender, by=winner[0], bidder=winner[1])
    make_bid(tender, by=loser[0], bidder=loser[1], prices=LOSING)
    return open_bids(tender), winner[0], loser[0]


def test_two_evaluators_mark_alone_then_settle_what_differs(opened):
    tender, _winner, loser = opened
    lot, two = tender.lots.get(), [make_member(tender.buyer, Role.EVALUATOR) for _number in range(2)]
    url, mine = f"{API}/tender-lots/{lot.pk}/", client_of(two[0])
    assert mine.get(f"{url}comparison/").status_code == 403
    bidders = [bid.bidder_id for bid in tender.bids.all()]
    for person, points in zip(two, (2, 4), strict=True):
        score_all(tender, by=person, points=dict.fromkeys(bidders, points))
    scores = mine.get(f"{API}/scores/").data["results"]
    assert len({score["points"] for score in scores}) == 2 and "level" in scores[0]
    assert client_of(loser).get(f"{API}/scores/").data["results"] == []
    rows = mine.post(f"{url}consensus/").data["rows"]
    for row in [row for row in rows if row["is_to_settle"]]:
        told = {"offer": row["offer"], "criterion": row["criterion"], "points": "3"}
        assert mine.post(f"{url}consensus/marks/", told).status_code == 422
        settled = mine.post(f"{url}consensus/marks/", {**told, "reason": "Entre les deux."})
        assert settled.status_code == 200
    closed = mine.post(f"{url}consensus/close/", {"summary": "Chaque offre est relue."})
    assert closed.status_code == 200 and closed.data["session"] is None
    columns = client_of(tender.created_by).get(f"{url}comparison/").data
    assert len(columns) == 2 and columns[0]["prices"] and "Entre les deux." in str(columns[0]["comments"])


def test_a_low_price_is_justified_and_an_offer_leaves_and_comes_back(opened):
    tender, winner, loser = opened
    buyer = client_of(tender.created_by)
    offer = buyer.get(f"{API}/offers/?ordering=total_excl_tax").data["results"][0]
    url = f"{API}/offers/{offer['id']}/"
    due = (now() + timedelta(days=5)).isoformat()
    asked = buyer.post(f"{url}low-offer/", {"question": "Comment ?", "due_at": due})
    assert asked.status_code == 201, asked.data
    address = f"{API}/low-offers/{asked.data['id']}/"
    assert client_of(loser).get(address).status_code == 404
    own = client_of(winner)
    assert own.get(address).data["signals"] == []
    assert own.post(f"{address}answer/", {"answer": "Nos outils."}).data["state"] == "answered"
    assert own.post(f"{address}decide/", {"is_justified": True, "reason": "Oui."}).status_code == 403
    decided = buyer.post(f"{address}decide/", {"is_justified": True, "reason": "Oui."})
    assert decided.data["state"] == "accepted"
    out = buyer.post(f"{url}exclude/", {"ground": "irregular", "reason": "Incomplète."})
    assert out.data["lifted_at"] is None
    assert buyer.post(f"{url}restore/", {"reason": "Elle est complète."}).data["lifted_at"]


def decided(tender):
    """The award, proposed, submitted and decided through the API."""
    score_all(tender)
    lot, buyer = tender.lots.get(), client_of(tender.created_by)
    best = buyer.get(f"{API}/tender-lots/{lot.pk}/ranking/").data[0]["offer"]
    body = {"offers": [best], "strengths": "Une équipe stable."}
    proposed = buyer.post(f"{API}/tender-lots/{lot.pk}/award/", body)
    assert proposed.data[0]["strengths"] == "Une équipe stable."
    signatory = make_member(tender.buyer, Role.SIGNATORY)
    url = f"{API}/tenders/{tender.pk}/"
    assert buyer.post(f"{url}analysis-report/").data["document"]
    asked = buyer.post(f"{url}submit-award/")
    assert asked.status_code == 202, asked.data
    assert client_of(signatory).post(f"{url}award/").data["phase"] == "awarded"
    return buyer, client_of(signatory), url


def test_the_loser_reads_his_own_outcome_and_asks_why(opened):
    tender, winner, loser = opened
    own = client_of(loser)
    bid = own.get(f"{API}/bids/").data["results"][0]
    assert own.get(f"{API}/bids/{bid['id']}/outcomes/").data == []
    buyer, _signatory, _url = decided(tender)
    outcome = own.get(f"{API}/bids/{bid['id']}/outcomes/").data[0]
    assert outcome["rank"] == 2 and outcome["may_ask_reasons"]
    assert "strengths" not in outcome["holders"][0]
    refused = client_of(winner).post(f"{API}/reason-requests/", {"offer": outcome["offer"]})
    assert refused.status_code == 404
    asked = own.post(f"{API}/reason-requests/", {"offer": outcome["offer"]})
    assert asked.status_code == 201, asked.data
    address = f"{API}/reason-requests/{asked.data['id']}/"
    assert client_of(winner).get(address).status_code == 404
    assert buyer.post(f"{address}answer/", {"answer": "Votre prix."}).data["answered_at"]
    assert own.get(address).data["answer"] == "Votre prix."


def test_documents_signature_and_service_of_the_contract(opened):
    tender, winner, loser = opened
    buyer, signatory, url = decided(tender)
    contract = buyer.get(f"{API}/contracts/").data["results"][0]
    address = f"{API}/contracts/{contract['id']}/"
    assert client_of(loser).get(address).status_code == 404
    due = (now() + timedelta(days=3)).isoformat()
    asked = buyer.post(f"{address}pieces/", {"labels": ["Attestation"], "due_at": due}).data["pieces"][0]
    piece, holder = f"{API}/requested-pieces/{asked['id']}/", client_of(winner)
    sent = holder.post(f"{piece}send/", {"upload": SimpleUploadedFile("a.pdf", PDF)}, format="multipart")
    assert sent.status_code == 200 and sent.data["state"] == "received", sent.data
    assert b"".join(buyer.get(f"{piece}file/").streaming_content) == PDF
    assert buyer.post(f"{piece}check/", {"is_accepted": True}).data["state"] == "accepted"
    judge = {"court": "TA de Paris", "claimant": "Un évincé", "filed_at": now().isoformat()}
    challenge = buyer.post(f"{url}challenges/", judge)
    assert challenge.status_code == 201, challenge.data
    deed = {"upload": SimpleUploadedFile("acte.pdf", signed_pdf("Anne"))}
    waiting = signatory.post(f"{address}sign/", deed, format="multipart")
    assert waiting.status_code == 409, "the wait, and the challenge"
    ended = buyer.post(f"{url}challenges/{challenge.data['id']}/end/", {"outcome": "Rejeté."})
    assert ended.data["ended_at"]
    Contract.objects.update(signable_at=now() - timedelta(minutes=1))
    deed = {"upload": SimpleUploadedFile("acte.pdf", signed_pdf("Anne"))}
    signed = signatory.post(f"{address}sign/", deed, format="multipart")
    assert signed.status_code == 200 and signed.data["state"] == "signed", signed.data
    assert signed.data["deeds"][0]["report"]
    assert buyer.post(f"{address}serve/").data["served_at"]
    assert buyer.post(f"{url}award-notice/").data[0]["notice_sent_at"]
    assert holder.get(address).data["state"] == "served"


def test_nothing_of_the_analysis_is_read_before_the_opening():
    """S1, S2: sealed prices reach nobody by any address of the analysis."""
    tender, (by, firm) = make_published(), make_supplier()
    make_bid(tender, by=by, bidder=firm, prices={"UO-1": "27182.81", "UO-2": "1"})
    lot = tender.lots.get()
    people = [tender.created_by, by, make_supplier()[0]]
    people += [make_member(tender.buyer, role) for role in (Role.EVALUATOR, Role.SIGNATORY, Role.AUDITOR)]
    for user in people:
        api = client_of(user)
        for kind in ("scores", "low-offers", "contracts", "requested-pieces", "reason-requests", "offers"):
            assert api.get(f"{API}/{kind}/").data["results"] == []
        for part in ("comparison", "consensus", "ranking"):
            assert api.get(f"{API}/tender-lots/{lot.pk}/{part}/").status_code == 403
        assert "27182" not in api.get(f"{API}/bids/").content.decode()
