"""The candidature through the API: sealed with the answer, unseen until the opening, completed, examined."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from foundation.clock import now
from tenders import services
from tenders.models import Bid, Candidature
from tests.accounts.factories import make_siret
from tests.concierge.factories import scan
from tests.tenders.factories import PDF, make_draft, make_published, make_supplier, open_bids, publish
from tests.tenders.test_api import client_of

pytestmark = pytest.mark.django_db
PRICES = {"1": {"UO-1": "1000", "UO-2": "2000"}}
FILES, UPLOADS = "/api/v1/supplier-files/", "/api/v1/uploads/"
CANARY = "Sous-traitant Canari"


def candidature(**facts) -> dict:
    partner = {
        "siret": make_siret(),
        "name": CANARY,
        "services": "Hébergement",
        "amount_excl_tax": "27182.81",
    }
    return {"is_declared": True, "subcontractors": [partner], **facts}


def sent(api, tender, firm, **body):
    """An answer without file, by the progressive way; unless told otherwise, with the least of candidatures."""
    body = {"candidature": {"is_declared": True}, **body}
    session = api.post(UPLOADS, {"tender": tender.pk, "bidder": firm.pk})
    assert session.status_code == 201, session.data
    return api.post(f"{UPLOADS}{session.data['id']}/deposit/", {"prices": PRICES, **body})


def test_the_file_of_a_firm_is_written_once_and_copied_in_its_candidature():
    by, firm = make_supplier()
    api, tender = client_of(by), make_published()
    begun = api.post(FILES, {"organisation": firm.pk, "insurer": "Mutuelle"})
    assert begun.status_code == 201, begun.data
    address = f"{FILES}{begun.data['id']}/"
    figures = [{"year": now().year - 1, "turnover_excl_tax": "1000.00", "staff": 3}]
    assert api.patch(address, {"figures": figures}).data["insurer"] == "Mutuelle"
    added = api.post(f"{address}capacities/", {"title": "Design"}).data["capacities"][0]
    assert api.put(f"{address}capacities/{added['id']}/", {"title": "Recherche"}).status_code == 200
    words = {"client": "Ville", "subject": "Site", "started_date": "2025-01-01"}
    reference = api.post(f"{address}references/", words).data["references"][0]
    assert api.delete(f"{address}references/{reference['id']}/").status_code == 204
    paper = {"kind": "liability", "upload": SimpleUploadedFile("assurance.pdf", scan().read())}
    kept = api.post(f"{address}certificates/", paper, format="multipart")
    assert kept.status_code == 201, kept.data
    paper = kept.data["certificates"][0]
    assert api.get(f"{address}certificates/{paper['id']}/").status_code == 200
    assert client_of(tender.created_by).get(address).status_code == 404
    assert sent(api, tender, firm, candidature=candidature(certificates=[paper["id"]])).status_code == 201
    open_bids(tender)
    shown = client_of(tender.created_by).get("/api/v1/candidatures/").data["results"][0]
    whole = client_of(tender.created_by).get(f"/api/v1/candidatures/{shown['id']}/").data
    assert whole["supplier_file"]["capacities"][0]["title"] == "Recherche"
    assert whole["subcontractors"][0]["name"] == CANARY
    assert "insurance" not in whole["missing"]


def test_what_misses_is_named_by_its_pointer():
    by, firm = make_supplier()
    wrong = candidature(is_declared=False, members=[{"siret": "1", "name": "X"}])
    wrong["subcontractors"][0]["services"] = ""
    refused = sent(client_of(by), make_published(), firm, candidature=wrong)
    assert refused.status_code == 422
    pointers = {one["pointer"] for one in refused.data["errors"]}
    assert pointers == {
        "/candidature/is_declared",
        "/candidature/grouping",
        "/candidature/subcontractors/0/services",
    }


def test_a_required_impact_question_is_answered_through_the_api_too():
    draft = make_draft()
    question = {"theme": "social", "text": "Qui insérez-vous ?", "evidence": "", "is_required": True}
    lot = draft.lots.get()
    services.impact_questions_set(lot=lot, questions=[question], by=draft.created_by, at=now())
    tender, (by, firm) = publish(draft), make_supplier()
    api = client_of(by)
    refused = sent(api, tender, firm, candidature=None)
    assert refused.data["errors"][0]["pointer"] == "/candidature/is_declared"
    refused = sent(api, tender, firm)
    assert refused.status_code == 422 and not Bid.objects.exists()
    told = {"lot": 1, "question": lot.impact_questions.get().pk, "words": "Deux apprentis."}
    refused = sent(api, tender, firm, answers=[{**told, "words": ""}])
    assert refused.data["errors"][0]["pointer"] == "/answers/0/words"
    assert sent(api, tender, firm, answers=[told]).status_code == 201
    again = Bid.objects.get()
    read = api.post(f"/api/v1/bids/{again.pk}/read-again/").data
    assert read and all(one["is_same"] for one in read)
    assert client_of(tender.created_by).post(f"/api/v1/bids/{again.pk}/read-again/").status_code == 404


def test_nothing_of_a_candidature_is_read_before_the_opening():
    """S1, S2: neither the buyer nor a rival, nor the firm itself, reads by the API what is sealed."""
    by, firm = make_supplier()
    tender = make_published()
    assert sent(client_of(by), tender, firm, candidature=candidature()).status_code == 201
    for user in (tender.created_by, by, make_supplier()[0], None):
        api = client_of(user)
        for address in ("candidatures", "complements", "bids", "offers", "uploads"):
            answer = api.get(f"/api/v1/{address}/")
            assert CANARY not in answer.content.decode() and "27182" not in answer.content.decode()
        assert api.get("/api/v1/candidatures/").data["results"] == []
    open_bids(tender)
    assert len(client_of(tender.created_by).get("/api/v1/candidatures/").data["results"]) == 1
    assert client_of(make_supplier()[0]).get("/api/v1/candidatures/").data["results"] == []


def test_candidatures_are_completed_decided_and_told_together():
    by, firm = make_supplier()
    tender = make_published()
    assert sent(client_of(by), tender, firm, candidature=candidature()).status_code == 201
    tender = open_bids(tender)
    found = Candidature.objects.get()
    buyer, own, url = client_of(tender.created_by), client_of(by), f"/api/v1/tenders/{tender.pk}/"
    address = f"/api/v1/candidatures/{found.pk}/"
    assert "insurance" in buyer.get(address).data["missing"] and own.get(address).data["missing"] == []
    due = (now() + timedelta(days=4)).isoformat()
    wanted = [
        {"candidature": found.pk, "piece": piece, "words": "À compléter"}
        for piece in buyer.get(address).data["missing"]
    ]
    asked = buyer.post(f"{url}complements/", {"due_at": due, "wanted": wanted})
    assert asked.status_code == 201, asked.data
    for item in own.get("/api/v1/complements/").data["results"]:
        body = {"words": "Voici.", "upload": SimpleUploadedFile("piece.pdf", PDF)}
        replied = own.post(f"/api/v1/complements/{item['id']}/answers/", body, format="multipart")
        assert replied.status_code == 201, replied.data
        file = f"/api/v1/complements/{item['id']}/answers/{replied.data['answers'][0]['id']}/"
        assert b"".join(buyer.get(file).streaming_content) == PDF
    assert own.post(f"{address}admit/").status_code == 403
    admitted = buyer.post(f"{address}admit/")
    assert admitted.status_code == 200 and admitted.data["state"] == "admitted"
    assert own.get(address).data["state"] == "received"
    settled = buyer.post(f"{url}settle-candidatures/")
    assert settled.status_code == 200 and own.get(address).data["state"] == "admitted"
