"""What the browser may do with our pages, and the theme that decides one exception."""

from datetime import datetime
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from .environment import env


def _instant(text: str) -> datetime | None:
    """The instant that is written, None for nothing. Raises ImproperlyConfigured."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise ImproperlyConfigured(f"SECURITY_EXPIRES={text} : donnez 2027-06-30T00:00:00+02:00.") from error
    if found.tzinfo is None:
        raise ImproperlyConfigured(f"SECURITY_EXPIRES={text} : donnez aussi le décalage, par exemple +02:00.")
    return found


# A form that leads to the identity provider, or closes the session there, is redirected to it.
_issuer = urlsplit(env("PROCONNECT_ISSUER", default=""))
_identity_provider = [f"{_issuer.scheme}://{_issuer.netloc}"] if _issuer.netloc else []

JALON_THEME = env("JALON_THEME", default="neutre")
"""`neutre`, or `etat` for services of the State only: its brand is reserved to them."""

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        # The State's mark is drawn by data addresses inside its own style sheet.
        "img-src": [SELF, "data:"] if JALON_THEME == "etat" else [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF, *_identity_provider],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "foundation.screens.views.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600

TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
"""How many reverse proxies of ours stand before us: each adds its line to X-Forwarded-For."""
SECURITY_CONTACT = env("SECURITY_CONTACT", default="")
"""Whom to tell of a weakness (RFC 9116): `mailto:…` or `https://…`."""
SECURITY_EXPIRES = _instant(env("SECURITY_EXPIRES", default=""))
"""Until when that holds, with its offset, less than a year ahead: `2027-06-30T00:00:00+02:00`."""
METRICS_TOKEN = env("METRICS_TOKEN", default="")
"""Who shows it reads /metrics; without it, this machine only."""
