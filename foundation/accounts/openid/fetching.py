"""Requests of our server to the provider: to the configured issuer's origin, no redirect, not for long."""

from urllib.parse import urlsplit

import requests
from allauth.socialaccount.providers.oauth2.client import OAuth2Error

LOCAL = ("127.0.0.1", "localhost", "::1")
SECONDS = 5
LARGEST = 1_000_000
"""Bytes: a key set or a set of claims is a few kilobytes."""


def origin_of(url: str) -> tuple[str, str | None, int | None]:
    """Scheme, host and port."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port


class IssuerSession(requests.Session):
    """Refuses every address that is not the issuer's, and every redirect, by an OAuth2Error."""

    def __init__(self, issuer: str):
        super().__init__()
        self.issuer = issuer
        # Neither proxies nor credentials of the machine's environment.
        self.trust_env = False

    def request(self, method, url, **kwargs):
        """As requests does, guarded."""
        scheme, host, _port = origin = origin_of(url)
        if origin != origin_of(self.issuer) or (scheme != "https" and host not in LOCAL):
            raise OAuth2Error("address outside the issuer")
        kwargs.update(allow_redirects=False, timeout=SECONDS)
        response = super().request(method, url, **kwargs)
        if response.is_redirect:
            raise OAuth2Error("the issuer redirects")
        if len(response.content) > LARGEST:
            raise OAuth2Error("answer too large")
        return response
