"""Writes of notifications: tell people, read what was told, choose how to be told."""

import hashlib
import json
import uuid
from collections.abc import Iterable
from datetime import datetime

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Model
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from foundation.bell import ring
from foundation.errors import Refusal
from foundation.notifications import registry, selectors, words
from foundation.notifications.enums import DIGEST_PACES, Pace
from foundation.notifications.guests import Guest
from foundation.notifications.models import Notification, OutboxEmail, Preference
from foundation.notifications.registry import MessageKind
from foundation.notifications.rules import notifications_visible_to


@transaction.atomic
def notify(
    *, kind: str, recipients: Iterable, obj: Model, context: dict, url: str, at: datetime, event: str = ""
) -> None:
    """Tell each person once, in the caller's transaction, in the way that person chose; a guest by e-mail.

    `context` is JSON and, with `recipient` and `url`, all that the words of the message may use;
    `url` is a path of the platform. `event` (100 characters at most) names what happened to `obj`: the same
    person is told of the same event of the same object once, however often it is replayed; without it, the
    instant and the facts tell events apart. Closed accounts and programs are told nothing. Raises LookupError for an
    undeclared message.
    """
    declared = registry.find(kind)
    told = {person.pk: person for person in recipients if _may_be_told(person)}.values()
    people = [person for person in told if not isinstance(person, Guest)]
    guests = [person for person in told if isinstance(person, Guest)]
    paces = selectors.paces_for(declared, people)
    told = [person for person in people if paces[person.pk] != Pace.NOTHING]
    about = {
        "object_type": obj._meta.label,
        "object_id": str(obj.pk),
        "event": event or _nameless(context, url, at),
    }
    lines = [
        Notification(
            recipient=person,
            title=words.subject_of(declared, person, context, url),
            digest=paces[person.pk] if paces[person.pk] in DIGEST_PACES else "",
            kind=kind,
            url=url,
            created_at=at,
            **about,
        )
        for person in told
    ]
    Notification.objects.bulk_create(lines, ignore_conflicts=True)
    mailed = [person for person in told if paces[person.pk] == Pace.AT_ONCE]
    _put_in_outbox(declared, [*mailed, *guests], about=about, context=context, url=url, at=at)


def _may_be_told(person) -> bool:
    """Open accounts of people: a program's address is in `.invalid`, which no mail reaches (RFC 2606)."""
    return person.is_active and not person.email.endswith(".invalid")


def _put_in_outbox(kind: MessageKind, people: list, *, about: dict, context: dict, url: str, at) -> None:
    """One e-mail each; an address that refuses our messages is only tried with what the law wants said."""
    if not kind.legal:
        refused = selectors.refuses([person.email for person in people]) if people else set()
        people = [person for person in people if person.email.lower() not in refused]
    if not people:
        return
    OutboxEmail.objects.bulk_create(
        (
            OutboxEmail(
                id=email_id(kind.code, str(person.pk), *about.values()),
                kind=kind.code,
                context=context,
                url=url,
                created_at=at,
                next_try_at=at,
                **_reader(person),
            )
            for person in people
        ),
        ignore_conflicts=True,
    )
    ring_outbox()


def _reader(person) -> dict:
    if isinstance(person, Guest):
        return {"guest_email": person.email, "leave_path": person.leave_path}
    return {"recipient": person}


def _nameless(context: dict, url: str, at: datetime) -> str:
    """A name for an event that was given none: the same facts at the same instant are the same event."""
    facts = json.dumps([context, url, at], sort_keys=True, cls=DjangoJSONEncoder)
    return hashlib.sha256(facts.encode()).hexdigest()


def email_id(*about: str) -> uuid.UUID:
    """The identity of an e-mail, made from what it is about: told twice, it is the same row and Message-ID.

    Keyed by the secret of the installation, so that nobody can name an e-mail in a forged bounce.
    """
    digest = salted_hmac("notifications.outbox", "\x1f".join(about), algorithm="sha256").digest()
    return uuid.UUID(bytes=digest[:16], version=4)


def ring_outbox() -> None:
    """Wake the worker that sends, once the present transaction is committed."""
    # Imported late: the task is a door that calls the services.
    from foundation.notifications.tasks import drain_outbox

    ring(drain_outbox)


@transaction.atomic
def notification_read(*, notification: Notification, at: datetime) -> Notification:
    """Mark one notification as read; reading it again keeps the first date."""
    unread = Notification.objects.filter(pk=notification.pk, read_at__isnull=True)
    unread.update(read_at=at)
    notification.refresh_from_db(fields=["read_at"])
    return notification


@transaction.atomic
def notifications_read_all(*, by, at: datetime) -> int:
    """Mark everything this person had not read; returns how many there were."""
    return notifications_visible_to(by).filter(read_at__isnull=True, created_at__lte=at).update(read_at=at)


@transaction.atomic
def preferences_set(*, paces: dict[str, str], by, at: datetime) -> None:
    """Keep how `by` wants to hear of each of these messages. Raises Refusal for one that nobody may turn off."""
    for code in paces:
        if not _optional(code):
            raise Refusal(_("Ce message est toujours envoyé : il ne se règle pas."), field=code)
    Preference.objects.bulk_create(
        (Preference(recipient=by, kind=code, pace=Pace(pace), chosen_at=at) for code, pace in paces.items()),
        update_conflicts=True,
        unique_fields=["recipient", "kind"],
        update_fields=["pace", "chosen_at"],
    )


def _optional(code: str) -> bool:
    try:
        return registry.find(code).is_optional
    except LookupError:
        return False


@transaction.atomic
def unsubscribe(*, recipient, kind: str, at: datetime) -> None:
    """No more e-mails of this kind for this person: the centre keeps them. For the digest, all it gathers."""
    declared = registry.find(kind)
    codes = [kind] if declared.is_optional else []
    if not declared.listed and not declared.legal:
        paces = selectors.paces_of(recipient)
        codes = [code for code, pace in paces.items() if pace in DIGEST_PACES and _optional(code)]
        Notification.objects.filter(recipient=recipient, digest_email__isnull=True).update(digest="")
    preferences_set(paces=dict.fromkeys(codes, Pace.CENTRE), by=recipient, at=at)
