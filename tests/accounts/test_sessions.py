"""X4 of the trust file: sessions are listed and closed, and what is taken back is gone at the next request."""

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from foundation.accounts import services, sessions
from foundation.accounts.enums import Role
from foundation.accounts.selectors import has_role
from foundation.api.models import AccessToken
from tests.accounts.factories import (
    PASSWORD,
    make_buyer_org,
    make_delegation,
    make_member,
    make_platform_admin,
    make_session,
    make_user,
)

pytestmark = pytest.mark.django_db
SECRET = "une phrase assez longue"


def signed_in(user, agent="Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"):
    """A browser where this person signed in through the page."""
    EmailAddress.objects.get_or_create(
        user=user, email=user.email, defaults={"primary": True, "verified": True}
    )
    client = Client(headers={"User-Agent": agent})
    response = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert response.status_code == 302
    return client


def is_in(client):
    return client.get(reverse("accounts:profile")).status_code == 200


class TestList:
    def test_each_sign_in_is_a_line_in_words_with_a_short_address(self):
        user = make_user()
        client = signed_in(user)
        signed_in(user, "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) AppleWebKit/605 Safari/604.1")
        content = client.get(reverse("accounts:session_list")).content.decode()
        assert "variable inconnue" not in content
        assert "Firefox, Linux" in content
        assert "Safari, iOS" in content
        assert "127.0.…" in content
        assert "127.0.0.1" not in content
        assert content.count("(celle-ci)") == 1

    def test_those_of_others_are_not_shown(self, client):
        make_session(make_user())
        user = make_user()
        client.force_login(user)
        assert "Firefox" not in client.get(reverse("accounts:session_list")).content.decode()

    def test_one_that_is_over_is_forgotten(self, at):
        user = make_user()
        row = make_session(user)
        row._session_store(row.session_key).delete()
        assert sessions.open_sessions(user, current="", at=at) == []
        assert not UserSession.objects.exists()

    def test_the_last_use_is_kept_without_a_query(self, django_assert_num_queries, at):
        row = make_session(make_user())
        with django_assert_num_queries(0):
            sessions.seen(row.session_key, at)
        (told,) = sessions.open_sessions(row.user, current=row.session_key, at=at)
        assert told.last_seen_at == at

    @pytest.mark.parametrize(
        ("address", "short"),
        [("192.0.2.17", "192.0.…"), ("2001:db8::1", "2001:0db8:…")],
    )
    def test_addresses_are_shortened(self, address, short):
        assert sessions.short_network(address) == short

    def test_an_unknown_browser_is_said_so(self):
        assert sessions.device_words("curl/8.0") == "Appareil inconnu"


class TestClose:
    def test_one_by_one(self):
        user = make_user()
        here, there = signed_in(user), signed_in(user)
        row = UserSession.objects.get(session_key=there.session.session_key)
        here.post(reverse("accounts:session_close", args=[row.pk]))
        assert is_in(here)
        assert not is_in(there)

    def test_all_the_others(self):
        user = make_user()
        here, *others = (signed_in(user) for _count in range(3))
        here.post(reverse("accounts:sessions_close_others"))
        assert is_in(here)
        assert not any(is_in(other) for other in others)

    def test_the_present_one_signs_out(self):
        client = signed_in(make_user())
        row = UserSession.objects.get()
        assert client.post(reverse("accounts:session_close", args=[row.pk])).url == reverse("screens:home")
        assert not is_in(client)

    def test_not_somebody_else_s(self, client):
        row = make_session(make_user())
        client.force_login(make_user())
        assert client.post(reverse("accounts:session_close", args=[row.pk])).status_code == 404


class TestNextRequest:
    def test_a_changed_password_closes_the_others_and_keeps_this_one(self):
        user = make_user()
        here, there = signed_in(user), signed_in(user)
        typed = {"oldpassword": PASSWORD, "password1": SECRET, "password2": SECRET}
        here.post(reverse("account_change_password"), typed)
        assert is_in(here)
        assert not is_in(there)
        assert "(celle-ci)" in here.get(reverse("accounts:session_list")).content.decode()

    def test_a_closed_account_loses_sessions_and_tokens_even_once_opened_again(self, at):
        user, by = make_user(), make_platform_admin()
        client = signed_in(user)
        _token, secret = AccessToken.objects.create(user=user, name="Essai", scopes=["read"])
        api = APIClient(headers={"Authorization": f"Token {secret}"})
        assert api.get("/api/v1/me/").status_code == 200
        services.user_deactivate(user=user, reason="Départ", by=by, at=at)
        assert not is_in(client)
        assert api.get("/api/v1/me/").status_code == 401
        services.user_activate(user=user, reason="Retour", by=by, at=at)
        assert not is_in(client)
        assert api.get("/api/v1/me/").status_code == 401

    @pytest.mark.parametrize("door", ["page", "token"])
    def test_a_role_taken_back_opens_nothing_more(self, at, door):
        house = make_buyer_org()
        user = make_member(house, Role.ORG_ADMIN)
        make_member(house, Role.ORG_ADMIN)
        make_member(house, Role.BUYER)
        client, url = signed_in(user), reverse("accounts:organisation_detail", args=[house.pk])
        if door == "token":
            _token, secret = AccessToken.objects.create(user=user, name="Essai", scopes=["read"])
            client = APIClient(headers={"Authorization": f"Token {secret}"})
            url = f"/api/v1/organisations/{house.pk}/"
        assert client.get(url).status_code == 200
        services.membership_remove(membership=user.memberships.get(), by=None, at=at)
        assert client.get(url).status_code == 404

    def test_a_role_given_opens_at_once(self, at):
        house, user = make_buyer_org(), make_user()
        client = signed_in(user)
        url = reverse("accounts:organisation_detail", args=[house.pk])
        assert client.get(url).status_code == 404
        services.membership_add(organisation=house, user=user, role=Role.BUYER, by=None, at=at)
        assert client.get(url).status_code == 200

    def test_a_revoked_delegation_closes_the_page_it_opened(self, at):
        house = make_buyer_org()
        signatory, delegate = make_member(house, Role.SIGNATORY), make_member(house, Role.AUDITOR)
        lent = make_delegation(signatory, delegate, house, Role.SIGNATORY)
        client = signed_in(delegate)
        assert "Vous agissez aussi pour" in client.get(reverse("accounts:profile")).content.decode()
        services.delegation_revoke(delegation=lent, by=signatory, at=at)
        assert "Vous agissez aussi pour" not in client.get(reverse("accounts:profile")).content.decode()
        assert not has_role(type(delegate).objects.get(pk=delegate.pk), house, Role.SIGNATORY)
