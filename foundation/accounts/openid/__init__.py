"""Sign-in through ProConnect, or any OpenID Connect provider that signs its userinfo.

Absent until PROCONNECT_ISSUER, PROCONNECT_CLIENT_ID and PROCONNECT_CLIENT_SECRET are set. Our server asks the
configured issuer only, over TLS, and follows no redirect.
"""

from django.conf import settings

PROVIDER_ID = "proconnect"


def is_configured() -> bool:
    """Whether this installation knows a provider."""
    return bool(
        settings.PROCONNECT_ISSUER and settings.PROCONNECT_CLIENT_ID and settings.PROCONNECT_CLIENT_SECRET
    )
