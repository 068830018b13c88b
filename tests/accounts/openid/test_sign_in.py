"""ProConnect against a real provider on 127.0.0.1: who gets in, linked to which account (X1, V6.3.3)."""

from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.conf import settings as ours
from django.urls import reverse

from foundation.accounts.enums import Role
from foundation.accounts.models import JoinRequest, Membership, User
from foundation.accounts.second_factor import has_passed
from foundation.journal.models import Entry
from foundation.notifications.models import OutboxEmail
from tests.accounts import identity_provider as idp
from tests.accounts.factories import make_buyer_org, make_member, make_platform_admin, make_user
from tests.accounts.openid.visits import (
    CALLBACK,
    come_back,
    configure,
    is_in,
    leave,
    make_verified,
    refused,
    sign_in,
)
from tests.accounts.sessions import enrol, make_stale

pytestmark = pytest.mark.django_db


class TestWhenNothingIsConfigured:
    def test_there_is_no_button_and_no_address(self, client):
        assert "ProConnect" not in client.get(reverse("account_login")).content.decode()
        for name in ("proconnect_login", "proconnect_callback"):
            assert client.get(reverse(name)).status_code == 404


class TestDeparture:
    def test_the_button_leads_to_the_provider_with_all_that_protects(self, client, provider):
        page = client.get(reverse("account_login"))
        assert reverse("proconnect_login") in page.content.decode()
        assert "ProConnect" in page.content.decode()
        asked = parse_qs(urlsplit(leave(client).url).query)
        assert asked["code_challenge_method"] == ["S256"]
        assert asked["response_type"] == ["code"]
        assert len(asked["state"][0]) >= 16
        assert len(asked["nonce"][0]) >= 24
        assert set(asked["scope"][0].split()) == {"openid", *idp.PERSON} - {"email_verified"}
        assert asked["redirect_uri"] == [CALLBACK]

    def test_reading_the_address_sends_nobody_away(self, client, provider):
        page = client.get(reverse("proconnect_login"))
        assert page.status_code == 200
        assert "Se connecter avec ProConnect" in page.content.decode()
        assert "variable inconnue" not in page.content.decode()

    def test_the_browser_adds_nothing_to_what_is_asked(self, client, provider):
        asked = leave(client, scope="admin", auth_params="prompt=none&acr_values=x")
        query = parse_qs(urlsplit(asked.url).query)
        assert "admin" not in query["scope"][0]
        assert "acr_values" not in query

    def test_the_policy_lets_the_form_lead_there(self):
        import os
        import subprocess
        import sys

        code = "from procurement.settings.security import *; print(CONTENT_SECURITY_POLICY)"
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PROCONNECT_ISSUER": "https://id.example/api/v2"},
            capture_output=True,
            text=True,
            check=True,
            cwd=ours.BASE_DIR,
        )
        assert "'https://id.example'" in done.stdout


class TestArrival:
    def test_a_new_person_gets_an_account_without_any_role(self, client, provider):
        assert sign_in(client).url == reverse("screens:dashboard")
        user = User.objects.get()
        assert user.full_name == "Angèle Dupont-Martin"
        assert user.email == "angele@ministere.example"
        assert not user.has_usable_password()
        assert not user.memberships.exists()
        account = SocialAccount.objects.get()
        assert account.extra_data["siret"] == idp.PERSON["siret"]
        assert account.extra_data["organizational_unit"] == "Service des achats"
        assert "email" not in account.extra_data
        assert Entry.objects.filter(action="accounts.create_user", actor=user).exists()

    def test_comes_back_to_the_same_account_even_with_another_address(self, client, provider):
        sign_in(client)
        client.post(reverse("account_logout"))
        provider.person["email"] = "autre@ministere.example"
        assert sign_in(client).status_code == 302
        assert is_in(client)
        assert User.objects.get().email == "angele@ministere.example"

    def test_an_unverified_address_has_to_be_confirmed_first(self, client, provider):
        provider.person["email_verified"] = False
        response = sign_in(client)
        assert response.url == reverse("account_email_verification_sent")
        assert not is_in(client)

    def test_leads_where_one_was_going_but_never_outside(self, client, provider):
        assert sign_in(client, next="/compte/profil/").url == "/compte/profil/"
        client.logout()
        assert sign_in(client, next="https://evil.example/").url == reverse("screens:dashboard")

    def test_a_closed_account_stays_closed(self, client, provider):
        sign_in(client)
        client.post(reverse("account_logout"))
        User.objects.update(is_active=False)
        assert sign_in(client).url == reverse("account_inactive")
        assert not is_in(client)


class TestLinking:
    def test_an_address_verified_on_both_sides_is_linked_and_its_owner_told(self, client, provider):
        user = make_verified()
        sign_in(client)
        assert client.session["_auth_user_id"] == str(user.pk)
        assert OutboxEmail.objects.get(kind="accounts.proconnect_linked").recipient == user
        assert Entry.objects.filter(action="accounts.link_proconnect", actor=user).exists()

    def test_never_when_the_provider_does_not_say_it_is_verified(self, client, provider):
        make_verified()
        provider.person["email_verified"] = False
        assert "reliez-le" in refused(client, sign_in(client))

    def test_never_when_our_account_has_not_proven_its_address(self, client, provider):
        user = make_user(email=idp.PERSON["email"])
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=False)
        refused(client, sign_in(client))

    def test_never_for_whoever_administers_the_platform(self, client, provider):
        admin = make_platform_admin()
        User.objects.filter(pk=admin.pk).update(email=idp.PERSON["email"])
        EmailAddress.objects.create(user=admin, email=idp.PERSON["email"], primary=True, verified=True)
        refused(client, sign_in(client))

    def test_the_local_second_factor_is_still_asked(self, client, provider):
        enrol(make_verified())
        assert sign_in(client).url == reverse("mfa_authenticate")
        assert not is_in(client)

    def test_by_hand_from_the_profile(self, client, provider):
        user = make_verified(email="ailleurs@example.org")
        client.force_login(user)
        page = client.get(reverse("proconnect_link")).content.decode()
        assert "Relier à ProConnect" in page
        assert sign_in(client, process="connect").url == reverse("proconnect_link")
        assert SocialAccount.objects.get().user == user
        assert "est relié" in client.get(reverse("proconnect_link")).content.decode()

    def test_by_hand_only_from_a_fresh_session(self, client, provider):
        client.force_login(make_verified(email="ailleurs@example.org"))
        departure = leave(client, process="connect")
        make_stale(client)
        assert come_back(client, departure).status_code == 403
        assert not SocialAccount.objects.exists()

    def test_by_hand_never_by_somebody_who_is_not_signed_in(self, client, provider):
        refused(client, sign_in(client, process="connect"))

    def test_an_identity_opens_one_account(self, client, provider):
        sign_in(client)
        client.logout()
        client.force_login(make_verified(email="ailleurs@example.org"))
        assert "déjà un autre compte" in sign_in(client, process="connect").content.decode()
        assert SocialAccount.objects.get().user.email == idp.PERSON["email"]

    def test_is_taken_away_when_a_password_remains(self, client, provider):
        sign_in(client)
        client.post(reverse("proconnect_unlink"))
        assert SocialAccount.objects.exists()
        user = User.objects.get()
        user.set_password("une phrase assez longue")
        user.save()
        client.force_login(user)
        client.post(reverse("proconnect_unlink"))
        assert not SocialAccount.objects.exists()
        assert Entry.objects.filter(action="accounts.unlink_proconnect", actor=user).exists()


class TestSecondFactor:
    def test_counts_only_when_the_level_of_assurance_says_so(self, client, provider, rf):
        sign_in(client)
        assert not passed(client, rf)

    def test_counts_at_a_strong_level(self, client, settings, rf):
        with idp.IdentityProvider(CALLBACK, acr=idp.ACR_STRONG) as provider:
            configure(settings, provider)
            sign_in(client)
        assert passed(client, rf)


def passed(client, rf):
    request = rf.get("/")
    request.session, request.user = client.session, User.objects.get()
    return has_passed(request)


class TestOrganisation:
    def test_is_proposed_by_siret_and_asked_never_given(self, client, provider):
        organisation = make_buyer_org(siret=idp.PERSON["siret"], name="Ministère du Test")
        administrator = make_member(organisation, Role.ORG_ADMIN)
        sign_in(client)
        page = client.get(reverse("screens:dashboard")).content.decode()
        assert "Ministère du Test" in page
        assert reverse("proconnect_join") in page
        assert not Membership.objects.filter(user__email=idp.PERSON["email"]).exists()
        client.post(reverse("proconnect_join"))
        asked = JoinRequest.objects.get()
        assert asked.organisation == organisation
        assert not Membership.objects.exclude(user=administrator).exists()
        assert reverse("proconnect_join") not in client.get(reverse("screens:dashboard")).content.decode()
        client.post(reverse("proconnect_join"))
        assert JoinRequest.objects.count() == 1

    def test_an_unknown_siret_proposes_nothing(self, client, provider):
        sign_in(client)
        assert reverse("proconnect_join") not in client.get(reverse("screens:dashboard")).content.decode()


class TestFreshSignIn:
    def test_whoever_has_no_password_proves_it_there(self, client, provider):
        sign_in(client)
        organisation = make_buyer_org()
        Membership.objects.create(user=User.objects.get(), organisation=organisation, role=Role.ORG_ADMIN)
        make_stale(client)
        here = reverse("tokens:create")
        asked = client.get(here).url
        assert asked.startswith(reverse("proconnect_login"))
        departure = client.post(asked)
        assert "prompt=login" in departure.url
        assert come_back(client, departure).url == here
        assert client.get(here).status_code == 200

    def test_an_old_proof_is_not_one(self, client, provider):
        sign_in(client)
        make_stale(client)
        departure = client.post(client.get(reverse("tokens:create")).url)
        provider.faults["id_token"] = provider.rewritten(auth_time=1_600_000_000)
        assert come_back(client, departure).status_code == 403
        assert client.get(reverse("tokens:create")).status_code == 302


class TestLeaving:
    def test_signing_out_closes_the_session_there_too(self, client, provider):
        sign_in(client)
        left = client.post(reverse("account_logout")).url
        assert left.startswith(f"{provider.issuer}/session/end?")
        asked = parse_qs(urlsplit(left).query)
        assert asked["post_logout_redirect_uri"] == ["http://testserver/"]
        assert asked["id_token_hint"][0].count(".") == 2
        assert not is_in(client)

    def test_whoever_came_with_a_password_stays_here(self, client, provider):
        client.force_login(make_user())
        assert client.post(reverse("account_logout")).url == reverse("screens:home")
