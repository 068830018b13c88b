"""ProConnect as allauth sees it: what is asked, and how its claims become ours."""

import json
import secrets

from allauth.account.models import EmailAddress
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.urls import reverse

from foundation.accounts.openid.protocol import ProConnectProtocol

SCOPES = ("openid", "given_name", "usual_name", "email", "siret", "organizational_unit", "uid", "idp_id")
KEPT = ("sub", "siret", "organizational_unit", "uid", "idp_id")
"""Claims kept with the link; the name and the address belong to the account."""


class ProConnectProvider(OpenIDConnectProvider):
    """Named by SOCIALACCOUNT_PROVIDERS. What the browser adds to the request changes nothing of what is asked."""

    oauth2_adapter_class = ProConnectProtocol
    pkce_enabled_default = True

    def get_login_url(self, request, **kwargs):
        return reverse("proconnect_login", query=kwargs or None)

    def get_callback_url(self):
        return reverse("proconnect_callback")

    def get_default_scope(self):
        return list(SCOPES)

    def get_scope_from_request(self, request):
        return self.get_scope()

    def get_auth_params_from_request(self, request, action):
        """How the person signed in is asked for; somebody already signed in must prove it again."""
        asked = {"claims": json.dumps({"id_token": {"acr": None, "amr": None, "auth_time": None}})}
        if request.user.is_authenticated:
            asked["prompt"] = "login"
        return asked

    def redirect(self, request, process, next_url=None, data=None, **kwargs):
        """With a nonce, kept in the session beside the state and the PKCE verifier."""
        nonce = secrets.token_urlsafe(24)
        kwargs["auth_params"] = {**kwargs.get("auth_params", {}), "nonce": nonce}
        return super().redirect(request, process, next_url=next_url, data=data, nonce=nonce, **kwargs)

    def extract_uid(self, data):
        return str(data["sub"])

    def extract_extra_data(self, data):
        return {name: data[name] for name in KEPT if data.get(name)}

    def extract_common_fields(self, data):
        return {
            "email": data["email"],
            "first_name": data.get("given_name", ""),
            "last_name": data.get("usual_name", ""),
        }

    def extract_email_addresses(self, data):
        """Verified only when the provider says so, in as many words."""
        verified = data.get("email_verified") is True
        return [EmailAddress(email=data["email"].lower(), verified=verified, primary=True)]


provider_classes = [ProConnectProvider]
