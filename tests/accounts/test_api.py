"""The API of accounts: oneself, organisations, members."""

from datetime import timedelta

import pytest
from django.core import mail
from rest_framework.test import APIClient

from foundation.accounts.models import Membership, Organisation
from tests.accounts.factories import (
    make_buyer_org,
    make_join_request,
    make_member,
    make_platform_admin,
    make_siret,
    make_supplier_org,
    make_user,
)

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
    member = make_member(organisation, "buyer")
    added = api.post(url, {"user_id": member.pk, "role": "prescriber"})
    assert added.status_code == 201
    assert {row["role"] for row in api.get(url).json()} == {"org_admin", "prescriber", "buyer"}
    assert api.delete(f"{url}{added.json()['id']}/").status_code == 204
    assert api.post(url, {"user_id": make_user().pk, "role": "prescriber"}).status_code == 404
    last = Membership.objects.get(role="org_admin")
    response = api.delete(f"{url}{last.pk}/")
    assert response.status_code == 409
    assert "dernier administrateur" in response.json()["detail"]


def test_an_invitation_is_sent_answered_and_never_tells_whether_the_address_has_an_account(api):
    organisation, known = make_buyer_org(), make_user()
    api.force_authenticate(make_member(organisation, "org_admin"))
    answers = []
    for email in ("personne@example.org", known.email):
        payload = {
            "organisation_id": organisation.pk,
            "email": email,
            "full_name": "Neuve",
            "roles": ["prescriber"],
        }
        answers.append(api.post("/api/v1/invitations/", payload))
    assert [answer.status_code for answer in answers] == [201, 201]
    hidden = {"id", "email", "sent_at", "expires_at"}
    one, two = ({key: value for key, value in a.json().items() if key not in hidden} for a in answers)
    assert one == two
    assert "secret" not in str(answers[0].json())
    assert len(mail.outbox) == 2
    api.force_authenticate(known)
    (offer,) = api.get("/api/v1/invitations/").json()["results"]
    accepted = api.post(f"/api/v1/invitations/{offer['id']}/accept/")
    assert (accepted.status_code, accepted.json()["state"]) == (200, "accepted")
    assert Membership.objects.filter(user=known, role="prescriber").exists()


def test_a_delegation_is_given_and_revoked(api, at):
    organisation = make_buyer_org()
    signatory, buyer = make_member(organisation, "signatory"), make_member(organisation, "buyer")
    api.force_authenticate(signatory)
    payload = {
        "organisation_id": organisation.pk,
        "delegate_id": buyer.pk,
        "roles": ["signatory"],
        "starts_at": at.isoformat(),
        "ends_at": (at + timedelta(days=300)).isoformat(),
    }
    refused = api.post("/api/v1/delegations/", payload)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/ends_at")
    given = api.post("/api/v1/delegations/", {**payload, "ends_at": (at + timedelta(days=3)).isoformat()})
    assert given.status_code == 201
    api.force_authenticate(buyer)
    (lent,) = api.get("/api/v1/delegations/").json()["results"]
    assert (lent["principal"], lent["role"], lent["abilities"]["revoke"]) == (signatory.pk, "signatory", True)
    assert api.post(f"/api/v1/delegations/{lent['id']}/revoke/").json()["revoked_at"]
    api.force_authenticate(make_member(organisation, "auditor"))
    assert api.get("/api/v1/delegations/").json()["results"] == []


def test_a_request_to_join_is_answered(api):
    firm, asker = make_supplier_org(), make_user()
    asked = make_join_request(firm, asker)
    url = f"/api/v1/join-requests/{asked.pk}/"
    api.force_authenticate(asker)
    assert api.post(f"{url}accept/", {"roles": ["supplier"]}).status_code == 403
    api.force_authenticate(make_member(firm, "org_admin"))
    assert api.post(f"{url}accept/", {"roles": ["buyer"]}).status_code == 422
    assert api.post(f"{url}accept/", {"roles": ["supplier"]}).json()["state"] == "accepted"
    assert Membership.objects.get(user=asker).role == "supplier"
