"""Signed tokens of the provider: what proves them, and nothing less."""

import jwt
from allauth.socialaccount.providers.oauth2.client import OAuth2Error

ALGORITHMS = ("RS256", "PS256", "ES256")
"""Signatures by a key of the provider. Never `none`, nor HMAC: a public key would pass for a shared secret."""
LEEWAY = 30
"""Seconds by which clocks may differ."""


def verified_claims(token: str, *, keys: dict, issuer: str, audience: str) -> dict:
    """The claims of `token`, signed by one of `keys` (a JWKS), for us, by the issuer, not expired.

    Raises OAuth2Error with a reason for the log, which never holds a claim.
    """
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise OAuth2Error("signature algorithm refused")
        return jwt.decode(
            token,
            key=_key(keys, header),
            algorithms=[header["alg"]],
            issuer=issuer,
            audience=audience,
            leeway=LEEWAY,
            options={"require": ["exp", "iss", "aud", "sub"]},
        )
    except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
        raise OAuth2Error(f"token refused: {type(error).__name__}") from error


def _key(keys, header):
    """The public key named by the header, or the only one of its kind when it names none."""
    usable = [key for key in jwt.PyJWKSet.from_dict(keys).keys if key.public_key_use in (None, "sig")]
    named = [key for key in usable if "kid" not in header or key.key_id == header["kid"]]
    fitting = [key for key in named if key.key_type == ("EC" if header["alg"].startswith("ES") else "RSA")]
    if len(fitting) != 1:
        raise OAuth2Error("unknown signing key")
    return fitting[0].key
