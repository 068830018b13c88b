"""Rehearse a key before it is needed; say that a share is lost, or found again."""

import secrets
from datetime import timedelta

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts import lockout
from foundation.errors import Refusal
from foundation.journal import services as journal
from tenders import identities, rules, sealing, selectors
from tenders.models import CustodianKey, KeyRehearsal, Seat, ShareLoss
from tenders.services.locking import locked_tender

_CHALLENGES = "tenders.custody.rehearsal"
CHALLENGE_AGE = timedelta(minutes=30)


def rehearsal_challenge(by) -> str:
    """A challenge for this person and this half hour, that the server recognises without keeping it."""
    return signing.dumps({"person": by.pk, "drawn": secrets.token_hex(16)}, salt=_CHALLENGES).encode().hex()


def key_rehearse(
    *, passphrase: str = "", challenge: str = "", signature: bytes = b"", by, at
) -> KeyRehearsal:
    """Prove that `by` still unlocks his key: his device signs a challenge of ours, or the server tries his passphrase.

    Raises Refusal.
    """
    key = selectors.current_custodian_key(by)
    if key is None or not rules.can_hold_custodian_key(by):
        raise Refusal(_("Créez d'abord votre clé de dépositaire."), code="forbidden")
    is_proven = _signed(key, challenge, signature, by) if signature else _unlocks(key, passphrase, by, at)
    if not is_proven:
        raise Refusal(
            _(
                "Cette phrase n'ouvre pas votre clé. Cherchez-la encore ; si elle est perdue, créez une nouvelle clé "
                "avant la prochaine publication."
            ),
            field="passphrase",
        )
    with transaction.atomic():
        rehearsal = KeyRehearsal.objects.create(key=key, proven_at=at)
        journal.record(by=by, action="tenders.key_rehearsal", obj=key, at=at)
    return rehearsal


def _signed(key: CustodianKey, challenge: str, signature: bytes, by) -> bool:
    try:
        drawn = signing.loads(bytes.fromhex(challenge).decode(), salt=_CHALLENGES, max_age=CHALLENGE_AGE)
    except (signing.BadSignature, ValueError):
        return False
    is_own = drawn["person"] == by.pk
    return is_own and identities.is_rehearsed(str(by.pk), key.signing_key, challenge, signature)


def _unlocks(key: CustodianKey, passphrase: str, by, at) -> bool:
    attempt = lockout.limit("custodian", by, at=at)
    try:
        own = identities.unlock(key.locked_seed, passphrase, key.lock_parameters, str(by.pk))
    except sealing.SealBroken:
        return False
    lockout.succeed(attempt)
    return identities.same_key(own.public_key, key.public_key)


@transaction.atomic
def share_declare_lost(*, seat: Seat, reason: str, by, at) -> ShareLoss:
    """Say that a share can no longer be unlocked: its custodian does, or a buyer when he is gone. Raises Refusal."""
    seat = _locked(seat)
    _check_may_tell(seat, by)
    if not reason.strip():
        raise Refusal(_("Écrivez ce qui s'est passé : la procédure de secours en dépend."), field="reason")
    if seat.losses.filter(found_at=None).exists():
        raise Refusal(_("Cette part est déjà déclarée perdue."), code="conflict")
    loss = ShareLoss.objects.create(seat=seat, reason=reason, declared_by=by, declared_at=at)
    _record("tenders.share_lost", seat, by, at, reason)
    return loss


@transaction.atomic
def share_found(*, seat: Seat, by, at) -> None:
    """Say that a share declared lost is found again. Raises Refusal."""
    seat = _locked(seat)
    _check_may_tell(seat, by)
    if not seat.losses.filter(found_at=None).update(found_at=at):
        raise Refusal(_("Cette part n'est pas déclarée perdue."), code="conflict")
    _record("tenders.share_found", seat, by, at, "")


def _locked(seat: Seat) -> Seat:
    """The consultation is locked for its seats, which are append-only: nobody may lock them."""
    locked_tender(seat.custody.round.tender)
    return Seat.objects.select_related("custody__round__tender__buyer").get(pk=seat.pk)


def _check_may_tell(seat: Seat, by) -> None:
    if not rules.can_tell_share_lost(by, seat):
        raise Refusal(_("Le dépositaire lui-même, ou un acheteur, le déclare."), code="forbidden")


def _record(action: str, seat: Seat, by, at, reason: str) -> None:
    tender = seat.custody.round.tender
    journal.record(
        by=by,
        action=action,
        obj=tender,
        at=at,
        reason=reason,
        after={"round": seat.custody.round.number, "custodian": seat.custodian_id},
        organisation=tender.buyer,
    )
