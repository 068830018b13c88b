"""What surrounds a consultation through the API: its papers, its file, its firms, its corrigenda, its answers."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from foundation.webhooks.models import Delivery
from tests.tenders.factories import PDF, QUIET, make_draft, make_published, make_supplier
from tests.tenders.test_api import client_of
from tests.webhooks.factories import make_endpoint

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/tenders/"
CHOICE = "/api/v1/tender-papers/"


@pytest.fixture
def draft():
    return make_draft(custodians=0)


@pytest.fixture
def buyer(draft):
    return client_of(draft.created_by)


def test_the_papers_are_composed_adapted_laid_out_and_compared(draft, buyer):
    made = buyer.post(CHOICE, {"tender": draft.pk})
    assert made.status_code == 201 and {paper["kind"] for paper in made.data} == {"rc", "ccap", "cctp", "ae"}
    address = f"{CHOICE}{made.data[0]['id']}/"
    paper = buyer.get(address).data
    clause, url = paper["clauses"][0], f"{ROOT}{draft.pk}/"
    words = {"title": clause["title"], "text": "Une phrase de l'acheteur."}
    refused = buyer.put(f"{address}clauses/{clause['id']}/", words)
    assert refused.status_code == 422 and refused.data["errors"][0]["pointer"] == "/reason"
    assert buyer.post(f"{url}paper-versions/").status_code == 201
    written = buyer.put(f"{address}clauses/{clause['id']}/", {**words, "reason": "Plus clair."})
    assert written.data["clauses"][0]["is_adapted"] is True
    assert buyer.put(f"{url}paper-values/", {"values": {"inconnue": "x"}}).status_code == 422
    values = buyer.put(f"{url}paper-values/", {"values": {"tribunal": "tribunal de Paris"}})
    assert values.data == {"values": {"tribunal": "tribunal de Paris"}}
    versions = buyer.post(f"{url}paper-versions/").data
    assert [one["number"] for one in versions if one["kind"] == paper["kind"]] == [2, 1]
    assert all(one["document"] for one in versions)
    told = buyer.get(f"{url}paper-versions/{paper['kind']}/comparison/").data
    assert "Une phrase de l'acheteur." in [change["after"] for change in told]
    assert buyer.get(f"{url}paper-versions/{paper['kind']}/comparison/?from=9").status_code == 404
    library = buyer.get(f"{address}library/").data
    assert clause["code"] in {one["code"] for one in library}
    gone = buyer.delete(f"{address}clauses/{clause['id']}/")
    assert clause["id"] not in [one["id"] for one in gone.data["clauses"]]


def test_a_clause_of_the_house_is_saved_version_after_version(draft, buyer):
    words = {
        "organisation": draft.buyer_id,
        "code": "suivi",
        "paper": "ccap",
        "chapter": "Exécution",
        "title": "Suivi",
        "text": "Chaque semaine.",
    }
    for version in (1, 2):
        saved = buyer.post("/api/v1/own-clauses/", words)
        assert (saved.status_code, saved.data["version"]) == (201, version)


def test_a_file_is_added_read_and_taken_out(draft, buyer):
    url = f"{ROOT}{draft.pk}/documents/"
    body = {"title": "Plan", "file": SimpleUploadedFile("plan.pdf", PDF)}
    added = buyer.post(url, body, format="multipart")
    assert added.status_code == 201 and added.data["name"] == "plan.pdf"
    address = f"{url}{added.data['id']}/"
    assert b"".join(buyer.get(address).streaming_content) == PDF
    assert client_of().get(address).status_code == 404
    assert buyer.delete(address).status_code == 204
    assert not draft.documents.exists()


def test_a_firm_is_invited_by_its_siret():
    tender = make_draft(custodians=0, **QUIET)
    buyer, (_supplier, firm) = client_of(tender.created_by), make_supplier()
    url = f"{ROOT}{tender.pk}/invited/"
    assert buyer.put(f"{url}{firm.siret}/").status_code == 204
    assert [one["siret"] for one in buyer.get(url).data] == [firm.siret]
    assert buyer.put(f"{url}00000000000000/").status_code == 404
    assert buyer.delete(f"{url}{firm.siret}/").status_code == 204
    assert buyer.get(url).data == []


def test_each_corrigendum_is_published_and_told_to_other_systems(at):
    tender = make_published()
    make_endpoint(tender.buyer, at=at, events=["tender.changed"])
    buyer, url = client_of(tender.created_by), f"{ROOT}{tender.pk}/"
    assert buyer.post(f"{url}corrigendum/", {"reason": "Rien."}).status_code == 422
    told = buyer.post(f"{url}corrigendum/", {"reason": "Une coquille.", "title": "Titre corrigé"})
    assert told.status_code == 201 and told.data["facts"][0]["after"] == "Titre corrigé"
    body = {"reason": "Un plan.", "added_title": "Plan", "added_file": SimpleUploadedFile("plan.pdf", PDF)}
    assert buyer.post(f"{url}corrigendum/", body, format="multipart").status_code == 201
    assert [change["number"] for change in buyer.get(f"{url}changes/").data] == [2, 1]
    assert Delivery.objects.count() == 2
    stages = {"stages": [{"stage": "opening", "planned_date": "2031-03-01"}]}
    told = buyer.put(f"{url}stages/", stages)
    assert "2031-03-01" in [stage["planned_date"] for stage in told.data]


def test_answers_are_grouped_published_at_once_and_told_to_other_systems(at):
    tender = make_published()
    supplier, firm = make_supplier()
    make_endpoint(firm, at=at, events=["tender.answered"])
    body = {"tender": tender.pk, "text": "Le lieu ?", "files": [SimpleUploadedFile("nom.pdf", PDF)]}
    asked = client_of(supplier).post("/api/v1/tender-questions/with-files/", body, format="multipart")
    assert asked.status_code == 201, asked.data
    buyer = client_of(tender.created_by)
    file = buyer.get(f"/api/v1/tender-questions/{asked.data['id']}/files/1/")
    assert b"".join(file.streaming_content) == PDF and "nom.pdf" not in file["Content-Disposition"]
    words = {"question": "Où ?", "text": "À Paris.", "questions": [asked.data["id"]]}
    written = buyer.post("/api/v1/tender-answers/", {"tender": tender.pk, **words})
    assert written.status_code == 201, written.data
    address = f"/api/v1/tender-answers/{written.data['id']}/"
    assert client_of(supplier).get(address).status_code == 404
    assert buyer.put(address, {**words, "text": "À Lyon."}).data["text"] == "À Lyon."
    assert client_of(supplier).post(f"{ROOT}{tender.pk}/publish-answers/").status_code == 403
    told = buyer.post(f"{ROOT}{tender.pk}/publish-answers/").data
    assert [(answer["number"], answer["state"]) for answer in told] == [(1, "published")]
    assert client_of().get(address).data["text"] == "À Lyon."
    assert '"numbers":[1]' in Delivery.objects.get().body
    assert client_of(supplier).get(f"/api/v1/tender-questions/{asked.data['id']}/").data["answer"]


def test_nobody_is_followed_on_a_draft(draft, buyer):
    assert buyer.put(f"{ROOT}{draft.pk}/follow/").status_code == 409
    tender = make_published()
    someone = client_of(make_supplier()[0])
    assert someone.put(f"{ROOT}{tender.pk}/follow/").status_code == 204
    assert tender.followers.count() == 1
    assert someone.delete(f"{ROOT}{tender.pk}/follow/").status_code == 204
    assert tender.followers.count() == 0
