"""The exchange with the provider: discovery, tokens, userinfo; every fault is an OAuth2Error, shown as a page."""

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.utils import build_absolute_uri
from django.conf import settings
from django.urls import reverse
from requests import RequestException

from foundation.accounts.openid.fetching import origin_of
from foundation.accounts.openid.tokens import verified_claims

ENDPOINTS = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
WELL_KNOWN = "/.well-known/openid-configuration"


class ProConnectProtocol(OpenIDConnectOAuth2Adapter):
    """One exchange. `nonce` is set by the callback from the state that the session kept."""

    nonce = None

    @property
    def openid_config(self):
        """What the issuer says of itself; its name and the origin of every address are those configured."""
        if not hasattr(self, "_openid_config"):
            config = self._fetch(settings.PROCONNECT_ISSUER.rstrip("/") + WELL_KNOWN).json()
            self._openid_config = _checked(config)
        return self._openid_config

    def complete_login(self, request, app, token, *, response, **kwargs):
        """Both signed tokens are verified, then their subject compared, before anything is read from them."""
        try:
            raw = response["id_token"]
            identity = self._claims(raw, app)
            if not self.nonce or identity.get("nonce") != self.nonce:
                raise OAuth2Error("nonce refused")
            person = self._claims(self._fetch_user_info(token.token), app)
            if person["sub"] != identity["sub"]:
                raise OAuth2Error("userinfo of somebody else")
            if not person.get("email"):
                raise OAuth2Error("no address")
            login = self.get_provider().sociallogin_from_response(request, person)
        except (KeyError, TypeError, ValueError) as error:
            raise OAuth2Error(f"answer refused: {type(error).__name__}") from error
        login.identity = {"acr": identity.get("acr", ""), "auth_time": identity.get("auth_time", 0)}
        login.to_leave = {"id_token": raw, "url": self.openid_config.get("end_session_endpoint", "")}
        return login

    def get_callback_url(self, request, app):
        """The address declared to the provider."""
        return build_absolute_uri(request, reverse("proconnect_callback"))

    def _claims(self, token, app):
        keys = self._keys()
        return verified_claims(token, keys=keys, issuer=self.openid_config["issuer"], audience=app.client_id)

    def _keys(self):
        if not hasattr(self, "_jwks"):
            self._jwks = self._fetch(self.openid_config["jwks_uri"]).json()
        return self._jwks

    def _fetch_user_info(self, access_token):
        """The signed token itself: an unsigned answer is refused."""
        answer = self._fetch(
            self.profile_url,
            headers={"Authorization": f"Bearer {access_token}", "Accept": "application/jwt"},
        )
        if answer.headers.get("Content-Type", "").split(";")[0].strip() != "application/jwt":
            raise OAuth2Error("unsigned userinfo")
        return answer.text.strip()

    def _fetch(self, url, **kwargs):
        try:
            with get_adapter().get_requests_session() as session:
                answer = session.get(url, **kwargs)
                answer.raise_for_status()
                return answer
        except (RequestException, ValueError) as error:
            raise OAuth2Error(f"provider away: {type(error).__name__}") from error


def _checked(config):
    issuer = settings.PROCONNECT_ISSUER.rstrip("/")
    if not isinstance(config, dict) or str(config.get("issuer", "")).rstrip("/") != issuer:
        raise OAuth2Error("another issuer")
    leave = [config["end_session_endpoint"]] if config.get("end_session_endpoint") else []
    for url in [*(config.get(name, "") for name in ENDPOINTS), *leave]:
        if origin_of(url) != origin_of(issuer):
            raise OAuth2Error("an address outside the issuer")
    return config
