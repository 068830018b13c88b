"""The API of accounts: oneself, organisations, members."""

import pytest
from django.core import mail
from rest_framework.test import APIClient

from foundation.accounts.models import Membership, Organisation
from tests.accounts.factories import make_buyer_org, make_member, make_platform_admin, make_siret

pytestmark = pytest.mark.django_db


@pytest.fixture
def api():
    return APIClient(headers={"If-Match": "*"})


def test_me_tells_my_roles(api):
    organisation = make_buyer_org()
    user = make_member(organisation, "buyer", "evaluator")
    api.force_authenticate(user)
    body = api.get("/api/v1/me/").json()
    assert body["email"] == user.email
    assert {role["role"] for role in body["memberships"]} == {"buyer", "evaluator"}
    assert "password" not in body


def test_an_organisation_is_created(api):
    api.force_authenticate(make_platform_admin())
    payload = {"kind": "buyer", "name": "Ville", "siret": make_siret()}
    foreign = api.post("/api/v1/organisations/", {**payload, "is_demonstration": True, "id": 1})
    assert {error["pointer"] for error in foreign.json()["errors"]} == {"/is_demonstration", "/id"}
    response = api.post("/api/v1/organisations/", payload)
    assert response.status_code == 201
    created = Organisation.objects.get(name="Ville")
    assert response.json()["id"] == created.pk
    assert not created.is_demonstration  # not asked: nothing is assigned but what the input names


def test_members_are_added_and_removed(api):
    organisation = make_buyer_org()
    api.force_authenticate(make_member(organisation, "org_admin"))
    url = f"/api/v1/organisations/{organisation.pk}/members/"
    added = api.post(url, {"email": "neuve@example.org", "full_name": "Neuve", "role": "auditor"})
    assert added.status_code == 201
    assert len(mail.outbox) == 1
    assert {row["role"] for row in api.get(url).json()} == {"org_admin", "auditor"}
    assert api.delete(f"{url}{added.json()['id']}/").status_code == 204
    last = Membership.objects.get()
    response = api.delete(f"{url}{last.pk}/")
    assert response.status_code == 409
    assert "dernier administrateur" in response.json()["detail"]
