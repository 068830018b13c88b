"""Second factor: required by role, enrolled, used once, kept encrypted (V6.3.3 of trust.md A12, X4)."""

from io import StringIO
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.urls import reverse
from rest_framework.test import APIClient

from foundation.accounts.enums import Role
from foundation.accounts.second_factor import is_required
from foundation.api.models import AccessToken
from foundation.journal.models import Entry
from foundation.notifications.models import OutboxEmail
from tests.accounts.factories import PASSWORD, make_buyer_org, make_member
from tests.accounts.sessions import code_now, enrol, make_stale, pass_second_factor
from tests.owner import as_owner

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture
def demanded(settings):
    settings.SECOND_FACTOR_REQUIRED = True


def make_person(role=Role.SIGNATORY):
    user = make_member(make_buyer_org(), role)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def sign_in(client, user):
    return client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})


def give_code(client, code):
    return client.post(reverse("mfa_authenticate"), {"code": code})


class TestWhoMust:
    @pytest.mark.parametrize(
        "role", [Role.SIGNATORY, Role.CUSTODIAN, Role.ORG_ADMIN, Role.FRAMEWORK_ADMIN, Role.PLATFORM_ADMIN]
    )
    def test_whoever_signs_opens_or_administers(self, role, demanded):
        assert is_required(make_person(role))

    def test_nobody_else(self, demanded):
        assert not is_required(make_person(Role.BUYER))

    def test_nobody_where_the_installation_does_not_ask(self):
        assert not is_required(make_person())

    def test_production_asks_by_default(self):
        code = Path("procurement/settings/production.py").read_text("utf-8")
        assert 'SECOND_FACTOR_REQUIRED", default=True' in code


class TestBeforeAnythingElse:
    def test_every_page_leads_to_the_enrolment_then_back(self, client, demanded):
        user = make_person()
        client.force_login(user)
        assert client.get(reverse("accounts:profile")).url == reverse("mfa_activate_totp")
        page = client.get(reverse("mfa_activate_totp"))
        assert page.status_code == 200
        assert "avant toute autre page" in page.content.decode()
        secret = page.context["key"].replace(" ", "")
        done = client.post(reverse("mfa_activate_totp"), {"code": code_now(secret)})
        assert done.url == reverse("mfa_view_recovery_codes")
        codes = client.get(done.url)
        assert f'href="{reverse("accounts:profile")}"' in codes.content.decode()
        assert client.get(reverse("accounts:profile")).status_code == 200

    def test_the_api_answers_a_problem_that_says_it(self, demanded):
        api = APIClient()
        api.force_login(make_person())
        response = api.get("/api/v1/me/")
        assert response.status_code == 403
        assert response.json()["type"].endswith("second_factor")

    def test_a_session_opened_before_the_enrolment_gives_a_code(self, client, demanded):
        user = make_person()
        enrol(user)
        client.force_login(user)
        assert client.get(reverse("accounts:profile")).url.startswith(reverse("mfa_reauthenticate"))

    def test_a_role_given_meanwhile_is_felt_at_the_next_request(self, client, demanded):
        user = make_person(Role.BUYER)
        client.force_login(user)
        assert client.get(reverse("accounts:profile")).status_code == 200
        with as_owner():
            user.memberships.update(role=Role.CUSTODIAN)
        assert client.get(reverse("accounts:profile")).status_code == 302

    def test_one_may_leave(self, client, demanded):
        client.force_login(make_person())
        assert client.post(reverse("account_logout")).status_code == 302
        assert "_auth_user_id" not in client.session

    def test_no_token_without_it(self, client, demanded):
        client.force_login(make_person())
        typed = {"name": "Essai", "lifetime_days": 7}
        assert client.get(reverse("tokens:create")).url == reverse("mfa_activate_totp")
        assert client.post(reverse("tokens:create"), typed).url == reverse("mfa_activate_totp")
        assert not AccessToken.objects.exists()
        pass_second_factor(client)
        assert client.get(reverse("tokens:create")).status_code == 200


class TestEnrolment:
    def test_the_picture_comes_from_our_origin_and_says_the_key(self, client):
        client.force_login(make_person())
        assert client.get(reverse("mfa_totp_qr")).status_code == 404
        page = client.get(reverse("mfa_activate_totp"))
        content = page.content.decode()
        assert "data:image" not in content
        picture = client.get(reverse("mfa_totp_qr"))
        assert picture["Content-Type"] == "image/svg+xml"
        assert picture.content.lstrip().startswith(b"<")
        assert "no-store" in picture["Cache-Control"]
        again = client.get(reverse("mfa_activate_totp"))
        assert again.context["key"] == page.context["key"]

    def test_a_wrong_code_is_said_and_nothing_is_activated(self, client):
        client.force_login(make_person())
        client.get(reverse("mfa_activate_totp"))
        response = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
        assert "Ce code ne convient pas" in response.content.decode()
        assert not Authenticator.objects.exists()

    def test_is_written_and_told(self, client, django_capture_on_commit_callbacks):
        user = make_person()
        client.force_login(user)
        secret = client.get(reverse("mfa_activate_totp")).context["key"].replace(" ", "")
        with django_capture_on_commit_callbacks(execute=True):
            client.post(reverse("mfa_activate_totp"), {"code": code_now(secret)})
        assert Entry.objects.filter(action="accounts.second_factor_add", actor=user).count() == 1
        assert OutboxEmail.objects.filter(recipient=user, kind="accounts.second_factor_add").count() == 1

    def test_asks_a_fresh_sign_in(self, client):
        client.force_login(make_person())
        make_stale(client)
        assert client.get(reverse("mfa_activate_totp")).url.startswith(reverse("account_reauthenticate"))

    def test_secrets_are_encrypted_at_rest_and_in_the_session(self, client):
        user = make_person()
        client.force_login(user)
        secret = client.get(reverse("mfa_activate_totp")).context["key"].replace(" ", "")
        session = Session.objects.get(session_key=client.session.session_key)
        assert secret not in str(session.get_decoded())
        client.post(reverse("mfa_activate_totp"), {"code": code_now(secret)})
        kept = Authenticator.objects.get(type="totp")
        assert secret not in str(kept.data)
        codes = Authenticator.objects.get(type="recovery_codes")
        assert codes.data["seed"].startswith("gAAAA")
        session = Session.objects.get(session_key=client.session.session_key)
        assert "second_factor.pending" not in session.get_decoded()

    def test_an_older_secret_key_still_reads(self, settings):
        from foundation.accounts.second_factor.adapter import SecondFactorAdapter

        kept = SecondFactorAdapter().encrypt("clé")
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "another"
        assert SecondFactorAdapter().decrypt(kept) == "clé"


class TestSignIn:
    def test_the_code_is_asked_after_the_password(self, client):
        user = make_person()
        secret = enrol(user)
        assert sign_in(client, user).url == reverse("mfa_authenticate")
        assert "_auth_user_id" not in client.session
        assert "Code de connexion" in client.get(reverse("mfa_authenticate")).content.decode()
        assert give_code(client, code_now(secret)).url == reverse("screens:dashboard")
        assert client.session["_auth_user_id"] == str(user.pk)

    def test_a_code_serves_once_even_when_the_cache_forgets(self, client):
        user = make_person()
        secret = enrol(user)
        code = code_now(secret)
        sign_in(client, user)
        assert give_code(client, code).status_code == 302
        client.logout()
        cache.clear()
        sign_in(client, user)
        assert "a déjà servi" in give_code(client, code).content.decode()
        assert "_auth_user_id" not in client.session

    def test_an_earlier_code_is_refused_after_a_later_one(self, client):
        user = make_person()
        secret = enrol(user)
        sign_in(client, user)
        give_code(client, code_now(secret))
        client.logout()
        sign_in(client, user)
        assert give_code(client, code_now(secret, step=-1)).status_code == 200

    def test_a_recovery_code_serves_once(self, client):
        user = make_person()
        enrol(user)
        code = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
        sign_in(client, user)
        assert give_code(client, code).status_code == 302
        client.logout()
        sign_in(client, user)
        assert give_code(client, code).status_code == 200
        assert "_auth_user_id" not in client.session

    def test_tries_are_limited_and_the_right_code_then_refused(self, client):
        user = make_person()
        secret = enrol(user)
        sign_in(client, user)
        for _attempt in range(5):
            give_code(client, "000000")
        content = give_code(client, code_now(secret)).content.decode()
        assert "Trop de tentatives" in content
        assert "_auth_user_id" not in client.session


class TestRecoveryCodes:
    def enrolled(self, client, user):
        client.force_login(user)
        secret = client.get(reverse("mfa_activate_totp")).context["key"].replace(" ", "")
        client.post(reverse("mfa_activate_totp"), {"code": code_now(secret)})

    def test_are_shown_once_and_downloaded_meanwhile(self, client):
        user = make_person()
        self.enrolled(client, user)
        codes = client.get(reverse("mfa_view_recovery_codes")).context["codes"]
        assert len(codes) == 10
        text = client.get(reverse("mfa_download_recovery_codes"))
        assert "attachment" in text["Content-Disposition"]
        assert all(code in text.content.decode() for code in codes)
        session = client.session
        session["second_factor.codes_shown_at"][1] -= 700
        session.save()
        assert client.get(reverse("mfa_view_recovery_codes")).context["codes"] == []
        assert client.get(reverse("mfa_download_recovery_codes")).status_code == 404

    def test_another_session_never_sees_them(self, client):
        from django.test import Client

        user = make_person()
        self.enrolled(client, user)
        client.get(reverse("mfa_view_recovery_codes"))
        other = Client()
        other.force_login(user)
        assert other.get(reverse("mfa_view_recovery_codes")).context["codes"] == []

    def test_renewed_the_old_ones_stop(self, client):
        user = make_person()
        self.enrolled(client, user)
        old = client.get(reverse("mfa_view_recovery_codes")).context["codes"]
        assert client.get(reverse("mfa_generate_recovery_codes")).status_code == 200
        client.post(reverse("mfa_generate_recovery_codes"))
        new = client.get(reverse("mfa_view_recovery_codes")).context["codes"]
        assert not set(old) & set(new)
        assert Entry.objects.filter(action="accounts.second_factor_renew_codes").count() == 1


class TestRemoval:
    def test_is_refused_while_the_role_demands_it(self, client, demanded):
        user = make_person()
        enrol(user)
        client.force_login(user)
        pass_second_factor(client)
        assert "ne peut pas être retiré" in client.get(reverse("mfa_deactivate_totp")).content.decode()
        client.post(reverse("mfa_deactivate_totp"))
        assert Authenticator.objects.filter(user=user, type="totp").exists()

    def test_is_possible_otherwise_and_written(self, client):
        user = make_person()
        enrol(user)
        client.force_login(user)
        assert client.get(reverse("mfa_deactivate_totp")).status_code == 200
        assert client.post(reverse("mfa_deactivate_totp")).url == reverse("mfa_index")
        assert not Authenticator.objects.exists()
        assert Entry.objects.filter(action="accounts.second_factor_remove", actor=user).exists()

    def test_the_page_says_where_one_stands(self, client):
        user = make_person()
        client.force_login(user)
        assert "Activer le second facteur" in client.get(reverse("mfa_index")).content.decode()
        enrol(user)
        content = client.get(reverse("mfa_index")).content.decode()
        assert "Il vous reste 10 codes de secours" in content
        assert "variable inconnue" not in content


class TestWhenAllIsLost:
    def test_whoever_runs_the_platform_removes_it_with_a_reason(self, at):
        user = make_person()
        enrol(user)
        call_command("second_factor_reset", user.email, reason="reconnue au guichet", stdout=StringIO())
        assert not Authenticator.objects.filter(user=user).exists()
        line = Entry.objects.get(action="accounts.second_factor_remove")
        assert line.actor is None
        assert line.reason == "reconnue au guichet"
        assert OutboxEmail.objects.filter(recipient=user, kind="accounts.second_factor_remove").exists()

    @pytest.mark.parametrize("email", ["personne@example.org", "sans@example.org"])
    def test_nothing_to_remove_is_said(self, email):
        make_member(make_buyer_org(), Role.SIGNATORY, email="sans@example.org")
        with pytest.raises(CommandError):
            call_command("second_factor_reset", email, reason="x")
