"""The purchase projects through the API."""

import pytest
from rest_framework.test import APIClient

from foundation.accounts.enums import Role
from needs.models import PurchaseProject
from tests.accounts.factories import make_buyer_org, make_member, make_user
from tests.needs.factories import make_project

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/purchase-projects/"


def client_of(user) -> APIClient:
    client = APIClient(headers={"If-Match": "*"})
    client.force_authenticate(user)
    return client


def test_a_project_from_its_opening_to_its_closing():
    organisation = make_buyer_org()
    api = client_of(make_member(organisation, Role.BUYER))
    created = api.post(ROOT, {"organisation": organisation.pk, "title": "Trouver un logement"})
    assert created.status_code == 201, created.data
    assert created.data["reference"].startswith("PA-")
    assert created.data["abilities"] == {"edit": True, "settle": True}
    url = f"{ROOT}{created.data['id']}/"
    assert api.patch(url, {"policy_field": "logement"}).data["policy_field"] == "logement"
    brief = api.patch(
        f"{url}brief/", {"problem": "Un tiers des demandeurs abandonne", "phase": "construction"}
    )
    quality = {point["code"]: point["met"] for point in brief.data["brief"]["quality"]}
    assert quality["phase"] and not quality["problem"]
    refused = api.post(f"{url}make-ready/")
    assert refused.status_code == 422 and refused["Content-Type"] == "application/problem+json"
    assert "pas encore de stratégie" in refused.data["detail"]
    line = api.post(f"{url}strategy-lines/", {"form": "purchase", "title": "Un marché"})
    assert line.status_code == 201
    member = api.post(f"{url}members/", {"email": make_user().email, "role": "juror"})
    gone = next(row["id"] for row in member.data["members"] if row["role"] == "juror")
    assert api.delete(f"{url}members/{gone}/").status_code == 204
    assert api.post(f"{url}make-ready/").data["state"] == "ready"
    assert api.post(f"{url}take-back/").data["state"] == "draft"
    assert api.delete(f"{url}strategy-lines/{line.data['strategy_lines'][0]['id']}/").status_code == 204
    assert api.post(f"{url}close/", {"reason": "Fini"}).data["state"] == "closed"


def test_refusals_point_to_their_field():
    project = make_project()
    api = client_of(project.created_by)
    answer = api.post(f"{ROOT}{project.pk}/members/", {"email": "inconnu@example.org", "role": "buyer"})
    assert answer.status_code == 422
    assert answer.data["errors"][0]["pointer"] == "/email"
    answer = api.patch(f"{ROOT}{project.pk}/brief/", {"budget_max_excl_tax": "-1"})
    assert answer.data["errors"][0]["pointer"] == "/budget_max_excl_tax"
    other = make_buyer_org()
    answer = api.post(ROOT, {"organisation": other.pk, "title": "Ailleurs"})
    assert answer.status_code == 422 and not PurchaseProject.objects.filter(organisation=other).exists()


def test_strangers_get_404_readers_403_and_anonymous_nothing():
    project = make_project()
    url = f"{ROOT}{project.pk}/"
    assert client_of(make_member(make_buyer_org(), Role.BUYER)).get(url).status_code == 404
    auditor = client_of(make_member(project.organisation, Role.AUDITOR))
    assert auditor.get(url).data["abilities"] == {"edit": False, "settle": False}
    assert auditor.patch(url, {"title": "Autre"}).status_code == 403
    assert auditor.post(f"{url}close/", {"reason": "Non"}).status_code == 403
    assert APIClient().get(ROOT).data["results"] == []
    assert APIClient().post(ROOT, {"title": "Non"}).status_code == 401


def test_the_list_filters():
    project = make_project(title="Logement des saisonniers")
    make_project(organisation=project.organisation, by=project.created_by, title="Autre")
    api = client_of(project.created_by)
    assert len(api.get(ROOT).data["results"]) == 2
    assert [row["id"] for row in api.get(ROOT, {"q": "saisonniers"}).data["results"]] == [project.pk]
    assert api.get(ROOT, {"state": "ready"}).data["results"] == []
    assert api.get(ROOT, {"state": "inconnu"}).status_code == 422
