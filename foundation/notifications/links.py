"""Signed links of the e-mails: each opens one thing for one person, without signing in, and tells no name."""

from datetime import timedelta

from django.core import signing
from django.urls import reverse

PROOF_LASTS = timedelta(days=3)

_UNSUBSCRIBE = signing.Signer(salt="notifications.unsubscribe")
_ADDRESS = signing.TimestampSigner(salt="notifications.address")


def unsubscribe_path(recipient_id: int, kind: str) -> str:
    """Where this person stops the e-mails of this kind; never expires: an e-mail may be read years later."""
    token = _UNSUBSCRIBE.sign_object([recipient_id, kind], compress=True)
    return reverse("notifications:unsubscribe", args=[token])


def read_unsubscribe(token: str) -> tuple[int, str]:
    """Whom and what the link is about. Raises BadSignature when we did not make it."""
    recipient_id, kind = _UNSUBSCRIBE.unsign_object(token)
    return recipient_id, kind


def address_path(recipient_id: int, email: str) -> str:
    """Where the owner of an address proves that it receives our messages."""
    token = _ADDRESS.sign_object([recipient_id, email.lower()], compress=True)
    return reverse("notifications:address-confirm", args=[token])


def read_address(token: str) -> tuple[int, str]:
    """Who proves which address. Raises BadSignature when the link is not ours or is too old."""
    recipient_id, email = _ADDRESS.unsign_object(token, max_age=PROOF_LASTS)
    return recipient_id, email
