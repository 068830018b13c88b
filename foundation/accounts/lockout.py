"""Lock-out of sign-in and of other secrets, counted in PostgreSQL: it holds across processes and while Valkey is away.

A try is counted before the password is looked at and taken back when it was right, so that a hundred tries at once
cannot all pass before the first one is counted.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.accounts.models import SignInFailures
from foundation.errors import Refusal
from foundation.journal import services as journal
from foundation.notifications.services import notify

LOCKED_FOR = timedelta(minutes=15)
QUIET = timedelta(minutes=15)
"""After this long without a failure, the count starts again."""
ALLOWED = {"account": 5, "device": 5, "code": 5, "custodian": 5, "address": 20}
"""Failures that lock, by kind of key. Many people of one administration share a network address: a browser from which
the person already signed in is not counted against it, nor shut out with it."""


@dataclass(frozen=True, order=True)
class Key:
    """What is counted: the account as typed, the device and the account, the network address, the codes, the
    passphrases of a custodian."""

    kind: str
    name: str

    @property
    def digest(self) -> str:
        """What the database keeps."""
        text = f"{self.kind}:{self.name}".encode()
        return hmac.new(settings.SECRET_KEY.encode(), text, hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Attempt:
    """One try: refused when `locked_until_at` is set; `just_locked` names the kinds that this failure would lock."""

    keys: tuple[Key, ...]
    locked_until_at: datetime | None = None
    just_locked: frozenset[str] = field(default_factory=frozenset)


@transaction.atomic
def begin(keys: Iterable[Key], *, at: datetime) -> Attempt:
    """Count one try against each key, as if it had failed. A locked key refuses the try, which then counts nowhere."""
    keys = tuple(sorted(keys))
    rows = [_row(key, at) for key in keys]
    until = max((row.locked_until_at for row in rows if row.locked_until_at), default=None)
    if until is not None:
        return Attempt(keys, locked_until_at=until)
    just_locked = {key.kind for key, row in zip(keys, rows, strict=True) if _count(row, key.kind, at)}
    return Attempt(keys, just_locked=frozenset(just_locked))


def limit(kind: str, person, *, at: datetime) -> Attempt:
    """Count one try of a secret that `person` types once signed in (`kind`: a key of `ALLOWED`, as « custodian »).

    To be called before the transaction in which the secret is looked at, which must not take the count back; the
    attempt is given to `succeed` once the secret was right. Raises Refusal (`too_early`) after too many tries, and
    RuntimeError inside a transaction.
    """
    with transaction.atomic(durable=True):
        attempt = begin([Key(kind, str(person.pk))], at=at)
    if attempt.locked_until_at:
        raise Refusal(
            _("Trop de tentatives. %(retry)s") % {"retry": _retry(attempt.locked_until_at, at)},
            code="too_early",
        )
    return attempt


@transaction.atomic
def succeed(attempt: Attempt) -> None:
    """Take the try back. The account's count is forgotten, the address's is only lessened by this try:
    signing in to one's own account does not wipe failures on others'."""
    for key in attempt.keys:
        rows = SignInFailures.objects.select_for_update().filter(key=key.digest)
        if key.kind != "address":
            rows.delete()
            continue
        for row in rows:
            row.failures, row.locked_until_at = max(row.failures - 1, 0), None
            row.save(update_fields=["failures", "locked_until_at"])


@transaction.atomic
def tell_owner(*, owner, url: str, at: datetime) -> None:
    """Write in the journal that the sign-in of `owner` is suspended, and send a message."""
    journal.record(by=None, action="accounts.lock_out", obj=owner, at=at)
    notify(kind="accounts.locked", recipients=[owner], obj=owner, context={}, url=url, at=at)


def forget_old(*, at: datetime) -> int:
    """Remove the counts that no longer matter; returns how many."""
    return SignInFailures.objects.filter(last_failed_at__lt=at - LOCKED_FOR - QUIET).delete()[0]


def words(until: datetime, *, at: datetime) -> str:
    """What is said to whoever is locked out, with the delay: the same with and without an account."""
    return " ".join(
        [
            _("Trop de tentatives : la connexion est suspendue."),
            _retry(until, at),
            _("Mot de passe oublié ? Choisissez-en un autre par e-mail."),
        ]
    )


def _retry(until, at):
    minutes = max(1, -(-int((until - at).total_seconds()) // 60))
    return ngettext(
        "Réessayez dans %(count)d minute, à %(hour)s.",
        "Réessayez dans %(count)d minutes, à %(hour)s.",
        minutes,
    ) % {"count": minutes, "hour": date_format(timezone.localtime(until), "G \\h i")}


def _row(key, at):
    """The row of this key, locked; its count starts again after a quiet time or once its lock is over."""
    SignInFailures.objects.bulk_create(
        [SignInFailures(key=key.digest, last_failed_at=at)], ignore_conflicts=True
    )
    row = SignInFailures.objects.select_for_update().get(key=key.digest)
    over = row.locked_until_at is not None and row.locked_until_at <= at
    if over or (row.locked_until_at is None and row.last_failed_at < at - QUIET):
        row.failures, row.locked_until_at = 0, None
    return row


def _count(row, kind, at):
    """Add one failure; True when it locks."""
    row.failures += 1
    row.last_failed_at = at
    locks = row.failures >= ALLOWED[kind]
    if locks:
        row.locked_until_at = at + LOCKED_FOR
    row.save()
    return locks
