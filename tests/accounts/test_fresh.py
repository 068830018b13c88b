"""A fresh sign-in before a sensitive act (V7.5.3 of trust.md A12b)."""

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import path, reverse
from rest_framework.test import APIClient

from foundation.accounts.enums import Role
from foundation.accounts.fresh import fresh_sign_in_required
from foundation.accounts.models import Invitation
from tests.accounts.factories import PASSWORD, make_buyer_org, make_member, make_user
from tests.accounts.sessions import RECORDS, code_now, enrol, make_stale

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


def make_administrator():
    organisation = make_buyer_org()
    return organisation, make_member(organisation, Role.ORG_ADMIN)


def typed(**changes):
    return {"email": "neuve@example.org", "full_name": "Neuve Recrue", "roles": ["prescriber"], **changes}


class TestPages:
    def test_within_ten_minutes_nothing_is_asked(self, client):
        organisation, administrator = make_administrator()
        client.force_login(administrator)
        make_stale(client, seconds=590)
        assert client.get(reverse("accounts:invitation_send", args=[organisation.pk])).status_code == 200

    def test_the_form_asks_when_it_is_opened_and_comes_back(self, client):
        organisation, administrator = make_administrator()
        client.force_login(administrator)
        make_stale(client)
        here = reverse("accounts:invitation_send", args=[organisation.pk])
        asked = client.get(here).url
        assert asked.startswith(reverse("account_reauthenticate"))
        page = client.get(asked)
        content = page.content.decode()
        assert "Confirmez que c’est vous" in content
        assert "variable inconnue" not in content
        back = client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": here})
        assert back.url == here
        assert client.get(here).status_code == 200

    def test_a_wrong_password_opens_nothing(self, client):
        organisation, administrator = make_administrator()
        client.force_login(administrator)
        make_stale(client)
        here = reverse("accounts:invitation_send", args=[organisation.pk])
        response = client.post(reverse("account_reauthenticate"), {"password": "faux", "next": here})
        assert response.status_code == 200
        assert client.get(here).status_code == 302

    def test_what_was_typed_waits_and_is_sent_after_the_proof(self, client):
        organisation, administrator = make_administrator()
        client.force_login(administrator)
        here = reverse("accounts:invitation_send", args=[organisation.pk])
        client.get(here)
        make_stale(client)
        asked = client.post(here, typed())
        assert asked.url.startswith(reverse("account_reauthenticate"))
        assert not Invitation.objects.exists()
        done = client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": here})
        assert done.status_code == 302
        assert Invitation.objects.get().full_name == "Neuve Recrue"

    def test_what_waits_is_sent_once(self, client):
        organisation, administrator = make_administrator()
        client.force_login(administrator)
        here = reverse("accounts:invitation_send", args=[organisation.pk])
        make_stale(client)
        client.post(here, typed())
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": here})
        make_stale(client)
        again = client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": here})
        assert again.url == here
        assert Invitation.objects.count() == 1

    def test_passwords_and_cookies_never_wait_in_the_session(self, client):
        organisation, administrator = make_administrator()
        client.force_login(administrator)
        make_stale(client)
        here = reverse("accounts:invitation_send", args=[organisation.pk])
        client.post(here, typed(passphrase="secret-de-dépositaire"))
        kept = client.session["account_reauthentication_state"]["request"]
        assert "secret-de" not in kept
        assert client.session.session_key not in kept
        assert "neuve%40example.org" in kept

    def test_a_code_proves_as_well(self, client):
        organisation, administrator = make_administrator()
        secret = enrol(administrator)
        client.force_login(administrator)
        make_stale(client)
        here = reverse("accounts:invitation_send", args=[organisation.pk])
        assert client.get(reverse("mfa_reauthenticate"), {"next": here}).status_code == 200
        back = client.post(reverse("mfa_reauthenticate"), {"code": code_now(secret), "next": here})
        assert back.url == here
        assert client.session[RECORDS][-1]["method"] == "mfa"

    def test_it_never_leads_to_another_site(self, client):
        client.force_login(make_user())
        back = client.post(
            reverse("account_reauthenticate"), {"password": PASSWORD, "next": "https://evil.example/"}
        )
        assert back.url == reverse("screens:dashboard")

    def test_files_do_not_wait_and_it_is_said(self, client, settings):
        settings.ROOT_URLCONF = __name__
        client.force_login(make_user())
        make_stale(client)
        here = reverse("sensitive")
        response = client.post(
            here, {"file": SimpleUploadedFile("a.txt", b"x")}, headers={"Referer": f"http://testserver{here}"}
        )
        assert response.url.startswith(reverse("account_reauthenticate"))
        assert "next=%2Fsensible%2F" in response.url
        assert "account_reauthentication_state" not in client.session


@fresh_sign_in_required
def sensitive(request):
    """A page of this test."""
    return HttpResponse("fait")


from procurement.urls import urlpatterns as ours  # noqa: E402

urlpatterns = [*ours, path("sensible/", sensitive, name="sensitive")]

PAGES = [
    ("tenders:publish", 1),
    ("tenders:award", 2),
    ("tenders:decide", 1),
    ("framework_agreements:order_issue", 1),
    ("accounts:member_add", 2),
    ("accounts:invitation_send", 1),
    ("accounts:invitation_send_again", 1),
    ("accounts:join_request_accept", 1),
    ("accounts:member_remove", 2),
    ("accounts:delegation_give", 0),
    ("tokens:create", 0),
]


@pytest.mark.parametrize(("name", "arguments"), PAGES)
def test_every_sensitive_page_asks(client, name, arguments):
    client.force_login(make_user())
    make_stale(client)
    address = reverse(name, args=[1] * arguments)
    assert client.post(address).url.startswith(reverse("account_reauthenticate"))


def test_the_acceptance_decision_asks(client):
    client.force_login(make_user())
    make_stale(client)
    address = reverse("startups:iteration_decide", args=["une", 1])
    assert client.get(address).url.startswith(reverse("account_reauthenticate"))


@pytest.mark.parametrize("name", ["tenders:opening", "tenders:custodian_key"])
def test_keys_are_read_by_all_and_used_by_a_fresh_sign_in(client, name):
    client.force_login(make_user())
    make_stale(client)
    address = reverse(name, args=[1] if name == "tenders:opening" else [])
    response = client.post(address, {"passphrase": "x"})
    assert response.url.startswith(reverse("account_reauthenticate"))


class TestApi:
    address = "/api/v1/invitations/"

    def test_a_stale_session_is_refused_with_a_problem(self):
        organisation, administrator = make_administrator()
        api = APIClient()
        api.force_login(administrator)
        make_stale(api)
        response = api.post(self.address, typed(organisation_id=organisation.pk), format="json")
        assert response.status_code == 403
        assert response.json()["type"].endswith("fresh_sign_in")
        assert not Invitation.objects.exists()

    def test_reading_needs_nothing(self):
        _organisation, administrator = make_administrator()
        api = APIClient()
        api.force_login(administrator)
        make_stale(api)
        assert api.get(self.address).status_code == 200

    def test_a_fresh_session_may(self):
        organisation, administrator = make_administrator()
        api = APIClient()
        api.force_login(administrator)
        assert (
            api.post(self.address, typed(organisation_id=organisation.pk), format="json").status_code == 201
        )
