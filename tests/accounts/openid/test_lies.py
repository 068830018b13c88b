"""ProConnect against a real provider on 127.0.0.1: every lie and absence of the provider is refused (X1, U4)."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.urls import reverse

from tests.accounts import identity_provider as idp
from tests.accounts.openid.visits import (
    CALLBACK,
    come_back,
    configure,
    is_in,
    leave,
    refused,
    sign_in,
)

pytestmark = pytest.mark.django_db


class TestLies:
    @pytest.mark.parametrize("token", ["userinfo", "id_token"])
    @pytest.mark.parametrize(
        "claims",
        [
            {"aud": "un-autre-client"},
            {"iss": "http://127.0.0.1:1"},
            {"exp": 1_600_000_000},
            {"exp": None},
            {"sub": "quelqu’un-d’autre"},
            {"sub": ""},
        ],
    )
    def test_a_token_for_another_from_another_expired_or_of_another(self, client, provider, token, claims):
        provider.faults[token] = provider.rewritten(**claims)
        refused(client, sign_in(client))

    @pytest.mark.parametrize("token", ["userinfo", "id_token"])
    def test_a_signature_by_a_stranger(self, client, provider, token):
        provider.faults[token] = provider.signed_by_a_stranger
        refused(client, sign_in(client))

    @pytest.mark.parametrize("token", ["userinfo", "id_token"])
    def test_no_signature_at_all(self, client, provider, token):
        provider.faults[token] = provider.unsigned
        refused(client, sign_in(client))

    @pytest.mark.parametrize("token", ["userinfo", "id_token"])
    def test_a_public_key_used_as_a_secret(self, client, provider, token):
        provider.faults[token] = provider.signed_with_the_public_key_as_a_secret
        refused(client, sign_in(client))

    @pytest.mark.parametrize("token", ["userinfo", "id_token"])
    def test_garbage(self, client, provider, token):
        provider.faults[token] = lambda _token: "n.importe.quoi"
        refused(client, sign_in(client))

    def test_userinfo_that_is_not_signed(self, client, provider):
        provider.faults["type"] = "application/json"
        refused(client, sign_in(client))

    @pytest.mark.parametrize("nonce", ["un-autre", None])
    def test_another_nonce(self, client, provider, nonce):
        provider.faults["id_token"] = provider.rewritten(nonce=nonce)
        refused(client, sign_in(client))

    def test_no_address(self, client, provider):
        del provider.person["email"]
        refused(client, sign_in(client))

    def test_another_state(self, client, provider):
        refused(client, come_back(client, leave(client), state="un-autre"))

    def test_a_return_serves_once(self, client, provider):
        departure = leave(client)
        returned = requests.get(departure.url, allow_redirects=False, timeout=10).headers["Location"]
        address = returned.removeprefix("http://testserver")
        assert client.get(address).status_code == 302
        client.logout()
        assert client.get(address).status_code == 401
        assert not is_in(client)

    def test_a_return_in_another_browser_opens_nothing(self, client, provider):
        from django.test import Client

        other = Client()
        refused(other, come_back(other, leave(client)))

    def test_a_code_that_the_provider_refuses(self, client, provider):
        refused(client, come_back(client, leave(client), code="faux"))

    def test_the_person_gives_up(self, client, provider):
        state = parse_qs(urlsplit(leave(client).url).query)["state"][0]
        response = client.get(reverse("proconnect_callback"), {"error": "access_denied", "state": state})
        assert response.url == reverse("socialaccount_login_cancelled")
        assert "abandonnée" in client.get(response.url).content.decode()


class TestTheProviderIsAwayOrStrange:
    def test_away_before_leaving(self, client, settings):
        settings.PROCONNECT_ISSUER = "http://127.0.0.1:9"
        settings.PROCONNECT_CLIENT_ID = settings.PROCONNECT_CLIENT_SECRET = "x"
        assert "ne répond pas" in refused(client, leave(client))

    @pytest.mark.parametrize("path", ["/token", "/userinfo", "/jwks.json"])
    def test_away_on_the_way_back(self, client, provider, path):
        departure = leave(client)
        provider.faults["status"] = (path, 503)
        refused(client, come_back(client, departure))

    def test_away_altogether_on_the_way_back(self, client, settings):
        with idp.IdentityProvider(CALLBACK) as provider:
            configure(settings, provider)
            departure = leave(client)
            returned = requests.get(departure.url, allow_redirects=False, timeout=10).headers["Location"]
        refused(client, client.get(returned.removeprefix("http://testserver")))

    @pytest.mark.parametrize(
        "config",
        [
            {"issuer": "https://evil.example"},
            {"token_endpoint": "http://169.254.169.254/latest"},
            {"jwks_uri": "http://127.0.0.1:1/jwks.json"},
            {"userinfo_endpoint": "https://evil.example/userinfo"},
            {"authorization_endpoint": "https://evil.example/authorize"},
            {"end_session_endpoint": "https://evil.example/end"},
            {"jwks_uri": None},
        ],
    )
    def test_addresses_outside_the_issuer_are_never_asked(self, client, provider, config):
        provider.faults["config"] = config
        refused(client, leave(client))
        assert provider.asked == ["/.well-known/openid-configuration"]

    def test_a_redirect_is_never_followed(self, client, provider):
        departure = leave(client)
        provider.faults.update(
            status=("/jwks.json", 302), headers={"Location": f"{provider.issuer}/elsewhere"}
        )
        refused(client, come_back(client, departure))
        assert "/elsewhere" not in provider.asked

    def test_plain_http_is_for_this_machine_only(self):
        from allauth.socialaccount.providers.oauth2.client import OAuth2Error

        from foundation.accounts.openid.fetching import IssuerSession

        for issuer, url in [
            ("http://id.example", "http://id.example/x"),
            ("https://id.example", "https://id.example.evil/x"),
            ("https://id.example", "https://user@evil.example/x"),
            ("https://id.example", "http://id.example/x"),
        ]:
            with pytest.raises(OAuth2Error):
                IssuerSession(issuer).get(url)
