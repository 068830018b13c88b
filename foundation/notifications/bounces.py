"""Addresses that refuse our messages: how it is learnt, and how their owner proves that they receive again."""

import re
import uuid
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.errors import Refusal
from foundation.notifications import links, selectors, services
from foundation.notifications.enums import BounceSource
from foundation.notifications.messages import ADDRESS_CHECK
from foundation.notifications.models import OutboxEmail, RefusedAddress

# Enhanced codes (RFC 3463) that speak of the address itself; 5.2.2 is a full mailbox, 5.7.x a policy.
_OF_THE_ADDRESS = re.compile(r"^5\.(1\.(0|1|2|3|6|10)|2\.1|4\.4|0\.0)$")
_ENHANCED = re.compile(r"\b(5\.\d{1,3}\.\d{1,3})\b")
_BASIC_OF_THE_ADDRESS = {550, 551, 553}
BETWEEN_CHECKS = timedelta(minutes=10)


def code_of_smtp(code: int, text: bytes | str) -> str | None:
    """The code to keep when an answer of the server to RCPT condemns the address; None when it does not."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    enhanced = _ENHANCED.search(words)
    if enhanced:
        return enhanced[1] if _OF_THE_ADDRESS.match(enhanced[1]) else None
    return str(code) if code in _BASIC_OF_THE_ADDRESS else None


@transaction.atomic
def address_refuse(*, email: str, source: BounceSource, code: str, at: datetime) -> RefusedAddress:
    """Keep that this address refuses our messages; the first refusal keeps its date."""
    found, _created = RefusedAddress.objects.get_or_create(
        email=email.lower(), defaults={"source": source, "code": code[:20], "refused_at": at}
    )
    return found


@transaction.atomic
def report_take(*, raw: bytes, at: datetime) -> list[str]:
    """Read one delivery status notification (RFC 3464) and return the addresses that it condemns.

    Only a report that quotes the Message-ID of an e-mail of ours is believed, and only for the address that
    this e-mail left for: nobody else knows the identity, so nobody can silence someone with a forged report.
    """
    message = message_from_bytes(raw, policy=policy.default)
    status = _condemning_status(message)
    email = _email_quoted(message)
    if not status or email is None:
        return []
    if email.bounced_at is None:
        email.bounced_at = at
        email.save(update_fields=["bounced_at"])
    address = email.sent_to or email.reader.email
    address_refuse(email=address, source=BounceSource.REPORT, code=status, at=at)
    return [address]


def _condemning_status(message: EmailMessage) -> str | None:
    """The status of a recipient that failed for good because of its address."""
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in part.get_payload():
            failed = str(block.get("Action", "")).strip().lower() == "failed"
            status = str(block.get("Status", "")).split(" ")[0].strip()
            if failed and _OF_THE_ADDRESS.match(status):
                return status
    return None


def _email_quoted(message: EmailMessage) -> OutboxEmail | None:
    """The e-mail of ours that the report returns, whole or by its headers."""
    for part in message.walk():
        if part.get_content_type() == "message/rfc822":
            quoted = part.get_payload(0)
        elif part.get_content_type() == "text/rfc822-headers":
            quoted = message_from_bytes(part.get_payload(decode=True) or b"", policy=policy.default)
        else:
            continue
        identity = str(quoted.get("Message-ID", "")).strip().strip("<>").partition("@")[0]
        try:
            return OutboxEmail.objects.select_related("recipient").filter(pk=uuid.UUID(identity)).first()
        except ValueError:
            continue
    return None


@transaction.atomic
def address_check_send(*, by, at: datetime) -> None:
    """Send `by` a link that proves that the address receives again. Raises Refusal when one has just left."""
    recent = OutboxEmail.objects.filter(
        recipient=by, kind=ADDRESS_CHECK.code, created_at__gt=at - BETWEEN_CHECKS
    )
    if selectors.refused_address_of(by) is None:
        raise Refusal(_("Rien n’indique que votre adresse refuse nos messages."), code="conflict")
    if recent.exists():
        raise Refusal(
            _(
                "Un message de vérification vient de partir : attendez dix minutes avant d’en demander un autre."
            ),
            code="conflict",
        )
    OutboxEmail.objects.create(
        recipient=by,
        kind=ADDRESS_CHECK.code,
        context={"email": by.email, "days": links.PROOF_LASTS.days},
        url=links.address_path(by.pk, by.email),
        created_at=at,
        next_try_at=at,
    )
    services.ring_outbox()


@transaction.atomic
def address_prove(*, token: str) -> bool:
    """The owner opened the link sent to the address: it receives, the refusal is forgotten.

    False when there was nothing to forget. Raises BadSignature for a link that is not ours or too old.
    """
    _recipient_id, email = links.read_address(token)
    forgotten, _details = RefusedAddress.objects.filter(email__iexact=email).delete()
    return bool(forgotten)
