"""The outbox: hands e-mails to the mail server, one transaction each, and waits while it is away."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parseaddr
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction

from foundation.notifications import bounces, registry, selectors, words
from foundation.notifications.enums import BounceSource, EmailState
from foundation.notifications.models import OutboxEmail

logger = logging.getLogger(__name__)

GIVE_UP_AFTER = timedelta(days=7)
LONGEST_WAIT = timedelta(minutes=15)
BATCH = 200  # e-mails sent by one call; the next sweep takes the rest


def drain(*, clock: Callable[[], datetime], limit: int = BATCH) -> int:
    """Send the e-mails that are due and return how many left; stops at once when the server is away.

    `clock` is the door's: each e-mail is dated when it leaves. Several workers may drain together: a
    row belongs to whoever holds its lock.
    """
    connection, sent = get_connection(), 0
    try:
        for _number in range(limit):
            outcome = _send_next(connection, at=clock())
            if outcome is None or isinstance(outcome, OSError):
                break
            sent += outcome is EmailState.SENT
    finally:
        connection.close()
    return sent


@transaction.atomic
def _send_next(connection, *, at: datetime) -> EmailState | Exception | None:
    """Send one row under its lock; None when nothing is due, the error when it did not leave.

    A crash between the server's answer and the commit sends it again, under the same Message-ID.
    """
    due = selectors.emails_due(at=at).select_related("recipient")
    row = due.select_for_update(of=("self",), skip_locked=True).first()
    if row is None:
        return None
    row.attempts += 1
    try:
        message_of(row, connection).send()
    except Exception as error:  # the row must say it, whatever it is; smtplib's errors are OSError
        return _put_off(row, error=error, at=at)
    row.state, row.sent_at, row.next_try_at, row.last_error = EmailState.SENT, at, None, ""
    row.sent_to = row.reader.email
    row.save()
    return EmailState.SENT


def _put_off(row: OutboxEmail, *, error: Exception, at: datetime) -> Exception | EmailState:
    """Keep the row for later, or give it up when its address is refused for good or a week has passed."""
    logger.warning("E-mail %s did not leave: %s", row.pk, type(error).__name__)
    row.last_error = type(error).__name__
    refused = _is_refused_for_good(error)
    if refused:
        _keep_refusal(error, at=at)
    if refused or at - row.created_at >= GIVE_UP_AFTER:
        row.state, row.abandoned_at, row.next_try_at = EmailState.ABANDONED, at, None
    else:
        row.next_try_at = at + back_off(row.attempts)
    row.save()
    # A refused recipient says nothing against the server: the others may leave.
    return row.state if isinstance(error, SMTPRecipientsRefused) else error


def _is_refused_for_good(error: Exception) -> bool:
    """The server answered 5xx for this recipient (RFC 5321, 4.2.1)."""
    if not isinstance(error, SMTPRecipientsRefused):
        return False
    return all(500 <= code < 600 for code, _text in error.recipients.values())


def _keep_refusal(error: SMTPRecipientsRefused, *, at: datetime) -> None:
    """Remember the addresses that the server condemned, not those it refused for another reason."""
    for address, (code, text) in error.recipients.items():
        kept = bounces.code_of_smtp(code, text)
        if kept:
            bounces.address_refuse(email=address, source=BounceSource.SMTP, code=kept, at=at)


def back_off(attempts: int) -> timedelta:
    """How long to wait after so many failures: 30 s doubled each time, a quarter of an hour at most."""
    return min(timedelta(seconds=30 * 2 ** min(attempts - 1, 10)), LONGEST_WAIT)


def message_of(row: OutboxEmail, connection=None) -> EmailMultiAlternatives:
    """The e-mail of a row, in text and HTML; its Message-ID is the row's own."""
    kind, parts = registry.find(row.kind), (row.reader, row.context, row.url)
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    message = EmailMultiAlternatives(
        subject=words.subject_of(kind, *parts),
        body=words.text_of(kind, *parts),
        to=[row.reader.email],
        connection=connection,
        headers={
            "Message-ID": f"<{row.pk}@{domain}>",
            "Auto-Submitted": "auto-generated",
            **_unsubscribe_headers(kind, row.reader),
        },
    )
    message.attach_alternative(words.html_of(kind, *parts), "text/html")
    return message


def _unsubscribe_headers(kind: registry.MessageKind, recipient) -> dict[str, str]:
    """One click in the mail reader stops what may be stopped (RFC 2369, RFC 8058)."""
    url = words.unsubscribe_url(kind, recipient)
    if not url:
        return {}
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
