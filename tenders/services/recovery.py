"""Rehearse a key before it is needed; say that a share is lost, or found again."""

import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.errors import Refusal
from foundation.journal import services as journal
from tenders import rules, sealing, selectors
from tenders.models import KeyRehearsal, KeyShare, ShareLoss, TenderKey
from tenders.services.custody import owner_of

CHALLENGE = 64


@transaction.atomic
def key_rehearse(*, passphrase: str, by, at) -> KeyRehearsal:
    """Prove that `by` opens what is sealed to his key: a secret drawn for the occasion is sealed, then opened with
    the passphrase. Raises Refusal.
    """
    key = selectors.current_custodian_key(by)
    if key is None or not rules.can_hold_custodian_key(by):
        raise Refusal(_("Créez d'abord votre clé de dépositaire."), code="forbidden")
    secret, place = secrets.token_bytes(CHALLENGE), sealing.Binding("rehearsal", person=str(by.pk))
    challenge = sealing.seal(secret, key.public_key, place)
    try:
        private = sealing.unlock(key.locked_private_key, passphrase, key.lock_parameters, owner_of(by))
        is_proven = secrets.compare_digest(sealing.unseal(challenge, private, place), secret)
    except sealing.SealBroken:
        is_proven = False
    if not is_proven:
        raise Refusal(
            _(
                "Cette phrase n'ouvre pas votre clé. Cherchez-la encore ; si elle est perdue, créez une nouvelle clé "
                "avant la prochaine publication."
            ),
            field="passphrase",
        )
    rehearsal = KeyRehearsal.objects.create(key=key, proven_at=at)
    journal.record(by=by, action="tenders.key_rehearsal", obj=key, at=at)
    return rehearsal


@transaction.atomic
def share_declare_lost(*, share: KeyShare, reason: str, by, at) -> ShareLoss:
    """Say that a share can no longer be unlocked: its custodian does, or a buyer when he is gone. Raises Refusal."""
    share = _locked(share)
    _check_may_tell(share, by)
    if not reason.strip():
        raise Refusal(_("Écrivez ce qui s'est passé : la procédure de secours en dépend."), field="reason")
    if share.losses.filter(found_at=None).exists():
        raise Refusal(_("Cette part est déjà déclarée perdue."), code="conflict")
    loss = ShareLoss.objects.create(share=share, reason=reason, declared_by=by, declared_at=at)
    _record("tenders.share_lost", share, by, at, reason)
    return loss


@transaction.atomic
def share_found(*, share: KeyShare, by, at) -> None:
    """Say that a share declared lost is found again. Raises Refusal."""
    share = _locked(share)
    _check_may_tell(share, by)
    if not share.losses.filter(found_at=None).update(found_at=at):
        raise Refusal(_("Cette part n'est pas déclarée perdue."), code="conflict")
    _record("tenders.share_found", share, by, at, "")


def _locked(share: KeyShare) -> KeyShare:
    """The key is locked for its shares, which are append-only: nobody may lock them."""
    TenderKey.objects.select_for_update(of=("self",)).get(pk=share.tender_key_id)
    return KeyShare.objects.get(pk=share.pk)


def _check_may_tell(share: KeyShare, by) -> None:
    if not rules.can_tell_share_lost(by, share):
        raise Refusal(_("Le dépositaire lui-même, ou un acheteur, le déclare."), code="forbidden")


def _record(action: str, share: KeyShare, by, at, reason: str) -> None:
    tender = share.tender_key.round.tender
    journal.record(
        by=by,
        action=action,
        obj=tender,
        at=at,
        reason=reason,
        after={"round": share.tender_key.round.number, "custodian": share.custodian_id},
        organisation=tender.buyer,
    )
