"""The link of an invitation, and the message that carries it."""

import hashlib
import secrets

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core import signing
from django.urls import reverse

SALT = "foundation.accounts.invitations"


def new_secret() -> tuple[str, str]:
    """A secret for a link, and the digest that the row keeps."""
    secret = secrets.token_urlsafe(24)
    return secret, digest(secret)


def digest(secret: str) -> str:
    """SHA-256 of the secret, in hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


def signed(secret: str) -> str:
    """What the link holds: the secret, signed, so that a made-up link costs no query."""
    return signing.Signer(salt=SALT).sign(secret)


def digest_of_link(link: str) -> str | None:
    """The digest of the secret of this link; None when we did not sign it."""
    try:
        return digest(signing.Signer(salt=SALT).unsign(link))
    except signing.BadSignature:
        return None


def send_invitation(invitation, secret: str) -> None:
    """Send the message that holds the link; a mail server that is away is said to who is signed in."""
    path = reverse("accounts:invitation_answer", args=[signed(secret)])
    get_adapter().send_mail(
        "account/email/invitation",
        invitation.email,
        {
            "invitation": invitation,
            "organisation": invitation.organisation,
            "invited_by": invitation.invited_by,
            "url": f"{settings.PUBLIC_URL.rstrip('/')}{path}",
        },
    )
