"""Negotiation through the API: everybody heard on the same topics, each in its own meeting (J4)."""

from datetime import timedelta

import pytest

from foundation.clock import now
from tenders import services
from tests.tenders.test_api import client_of
from tests.tenders.test_negotiation import opened_to_negotiate

pytestmark = pytest.mark.django_db
API = "/api/v1"


def test_a_negotiation_from_its_grid_to_the_final_offers():
    lot, people = opened_to_negotiate(2)
    buyer, url = client_of(lot.tender.created_by), f"{API}/tender-lots/{lot.pk}/"
    codes = [topic["code"] for topic in buyer.get(f"{url}negotiation-topics/").data]
    assert buyer.post(f"{url}negotiation/", {"topics": ["inconnu"], "minutes": 60}).status_code == 422
    started = buyer.post(f"{url}negotiation/", {"topics": codes, "other": "Le code", "minutes": 60})
    assert started.status_code == 201 and started.data["topics"][-1]["label"] == "Le code"
    slots = [(now() + timedelta(days=3)).isoformat()]
    for pk in started.data["meetings"]:
        address = f"{API}/negotiation-meetings/{pk}/"
        topic = started.data["topics"][-1]["id"]
        body = {"place": "Visio", "slots": slots, "prompts": [{"topic": topic, "words": f"Canari {pk}"}]}
        assert buyer.put(f"{address}preparation/", body).status_code == 200
        assert all(client_of(person).get(address).status_code == 404 for person in people)
    assert buyer.post(f"{url}negotiation/invite/").data["invited_at"]
    for person in people:
        heard(buyer, client_of(person))
    due = (now() + timedelta(days=10)).isoformat()
    last = buyer.post(f"{API}/tenders/{lot.tender_id}/final-offers/", {"due_at": due})
    assert last.status_code == 201, last.data
    assert (last.data["number"], last.data["kind"]) == (2, "final_offer")
    assert buyer.get(f"{url}negotiation/").data["closed_at"]


def heard(buyer, own) -> None:
    """A candidate sees its own meeting only, comes, and countersigns."""
    rows = own.get(f"{API}/negotiation-meetings/").data["results"]
    assert len(rows) == 1
    address = f"{API}/negotiation-meetings/{rows[0]['id']}/"
    meeting = own.get(address).data
    assert f"Canari {rows[0]['id']}" in str(meeting["notes"])
    assert own.put(f"{address}record/", {"outcomes": []}).status_code == 403
    assert own.post(f"{address}slot/", {"starts_at": meeting["slots"][0]}).data["state"] == "planned"
    topics = [note["topic"] for note in meeting["notes"]]
    promise = {"topic": topics[0], "clause": "Le code est ouvert.", "indicator": "Part", "target": "100 %"}
    assert buyer.post(f"{address}commitments/", promise).status_code == 201
    assert buyer.put(f"{address}record/", {"outcomes": []}).status_code == 422
    told = [{"topic": topic, "words": "Éclairci."} for topic in topics]
    assert buyer.put(f"{address}record/", {"outcomes": told}).data["state"] == "shared"
    signed = own.post(f"{address}sign/", {"remarks": "Conforme."})
    assert signed.data["state"] == "signed" and signed.data["commitments"]


def test_the_rounds_are_public_and_the_archives_are_served():
    lot, people = opened_to_negotiate(1)
    tender, buyer = lot.tender, client_of(lot.tender.created_by)
    url = f"{API}/tenders/{tender.pk}/"
    assert [one["kind"] for one in client_of().get(f"{url}rounds/").data] == ["offer"]
    due = (now() + timedelta(days=10)).isoformat()
    invited = [tender.bids.get().bidder_id]
    asked = buyer.post(f"{url}rounds/", {"kind": "final_offer", "due_at": due, "invited": invited})
    assert asked.status_code == 201 and asked.data["number"] == 2, asked.data
    services.opened_files_inspect(at=now())
    archive = buyer.post(f"{url}procedure-file/")
    assert b"".join(archive.streaming_content)[:2] == b"PK"
    assert client_of(people[0]).post(f"{url}procedure-file/").status_code == 403
