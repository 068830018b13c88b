"""Reads of notifications."""

from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, IntegerField, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from foundation.accounts.models import User
from foundation.notifications import registry
from foundation.notifications.enums import DIGEST_PACES, EmailState, Pace
from foundation.notifications.models import Notification, OutboxEmail, Preference, RefusedAddress
from foundation.notifications.registry import MessageKind
from foundation.statements import rows_for

# Beyond this the bell shows « 99+ »: counting further would cost and tell nothing.
BELL_LIMIT = 100


def unread_count(user) -> int:
    """How many notifications wait for this person, counted up to BELL_LIMIT: it came with the account of the session,
    or is one query.
    """
    if not user.is_authenticated:
        return 0
    known = getattr(user, "unread", None)
    return rows_for(_unread_by, user.pk)[0][0] if known is None else known


_waiting = Notification.objects.filter(recipient=OuterRef("pk"), read_at__isnull=True).order_by().values("pk")
UNREAD = Func(ArraySubquery(_waiting[:BELL_LIMIT]), function="CARDINALITY", output_field=IntegerField())
"""The same, as an expression on the row of the person."""


def _unread_by(user_id: int) -> QuerySet:
    return User.objects.filter(pk=user_id).order_by().values_list(UNREAD)


def emails_due(*, at: datetime) -> QuerySet[OutboxEmail]:
    """E-mails whose time has come, oldest first."""
    return OutboxEmail.objects.filter(state=EmailState.WAITING, next_try_at__lte=at).order_by(
        "next_try_at", "id"
    )


def paces_of(user) -> dict[str, Pace]:
    """How this person hears of each listed message: the choice made, or what the message says; one query."""
    chosen = dict(Preference.objects.filter(recipient=user).values_list("kind", "pace"))
    return {kind.code: _pace(kind, chosen.get(kind.code)) for kind in registry.kinds() if kind.listed}


def paces_for(kind: MessageKind, people: list[User]) -> dict[int, Pace]:
    """How each of these people hears of this message, by id of the person; one query at most."""
    chosen = {}
    if kind.is_optional:
        rows = Preference.objects.filter(recipient__in=people, kind=kind.code)
        chosen = dict(rows.values_list("recipient_id", "pace"))
    return {person.pk: _pace(kind, chosen.get(person.pk)) for person in people}


def _pace(kind: MessageKind, chosen: str | None) -> Pace:
    if not kind.is_optional:
        return Pace.AT_ONCE
    return Pace(chosen) if chosen else kind.pace


def lines_for_digest(*, daily_before: datetime, weekly_before: datetime) -> QuerySet[Notification]:
    """Unread lines that wait for a digest and were told before these instants."""
    daily, weekly = DIGEST_PACES
    told = Q(digest=daily, created_at__lt=daily_before) | Q(digest=weekly, created_at__lt=weekly_before)
    return Notification.objects.filter(
        told, digest__in=DIGEST_PACES, digest_email__isnull=True, read_at__isnull=True
    )


def refused_address_of(user) -> RefusedAddress | None:
    """What is known against the address of this person; None when it takes our messages; one query."""
    if not user.is_authenticated:
        return None
    return RefusedAddress.objects.filter(email__iexact=user.email).first()


def refuses(emails: list[str]) -> set[str]:
    """Those of these addresses that refuse our messages, in lower case; one query."""
    wanted = [email.lower() for email in emails]
    rows = RefusedAddress.objects.annotate(lowered=Lower("email")).filter(lowered__in=wanted)
    return set(rows.values_list("lowered", flat=True))


def members_who_refuse(organisation_ids) -> QuerySet[User]:
    """Active members of these organisations whose address refuses our messages, each once, by name."""
    refused = RefusedAddress.objects.annotate(lowered=Lower("email")).values("lowered")
    people = User.objects.filter(is_active=True, memberships__organisation_id__in=organisation_ids)
    return people.annotate(lowered_email=Lower("email")).filter(lowered_email__in=refused).distinct()


def refused_around(user, organisation_ids) -> tuple[bool, int]:
    """Whether this person's own address refuses, and how many of the members of these organisations; one query."""
    members = User.objects.filter(is_active=True, memberships__organisation_id__in=organisation_ids)
    concerned = members.annotate(lowered=Lower("email")).values("lowered") if organisation_ids else []
    rows = RefusedAddress.objects.annotate(lowered=Lower("email")).filter(
        Q(lowered=user.email.lower()) | Q(lowered__in=concerned)
    )
    found = set(rows.values_list("lowered", flat=True))
    own = user.email.lower() in found
    return own, len(found) - own
