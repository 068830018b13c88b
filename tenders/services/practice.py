"""Practise: a deposit sealed exactly like a real one, under a key that nobody keeps, of which a receipt remains."""

import hashlib
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.clock import database_now
from foundation.errors import Refusal
from tenders import practice, sealing, shares
from tenders.enums import SealedBy
from tenders.envelopes import Envelope
from tenders.models import PracticeDeposit, PracticePart
from tenders.prices import checked_prices

KEPT = timedelta(days=30)
A_DAY = 30
"""Simulated deposits that one person may make in a day."""


def practice_envelope(*, by) -> Envelope:
    """An empty envelope of the practice consultation. Its private key is forgotten here: it will never open."""
    _private, public = sealing.new_key_pair()
    envelope = Envelope(tender=practice.TENDER, round=None, bidder=practice.PracticeFirm(by.pk))
    envelope.dealing = shares.Dealing(public, SealedBy.SERVER, ())
    return envelope


def practice_deposit(*, envelope: Envelope, prices: dict[int, dict[str, str]], by) -> PracticeDeposit:
    """Seal, measure, throw the ciphertext away, keep the receipt. Raises the refusals of a real deposit.

    No journal line, no number, no message: nothing of it is an act of a procedure.
    """
    try:
        if envelope.tender.pk != practice.PK:
            raise ValueError("a real envelope is not practised with")
        if envelope.refusals:
            raise Refusal.of(envelope.refusals)
        lots = {lot.number: lot for lot in practice.TENDER.lots}
        for number, amounts in checked_prices(lots, prices).items():
            envelope.seal_prices(lots[number], amounts)
        return _keep(envelope, by)
    finally:
        envelope.discard()


@transaction.atomic
def _keep(envelope: Envelope, by) -> PracticeDeposit:
    at = database_now()
    if PracticeDeposit.objects.filter(user=by, deposited_at__gt=at - timedelta(days=1)).count() >= A_DAY:
        raise Refusal(_("Vous vous êtes assez entraîné pour aujourd’hui : revenez demain."), code="conflict")
    deposit = PracticeDeposit.objects.create(
        id=envelope.bid_id, user=by, deposited_at=at, manifest_sha256=_digest(envelope)
    )
    PracticePart.objects.bulk_create(
        PracticePart(
            deposit=deposit,
            position=rank,
            kind=part.kind,
            name=part.name,
            size=part.plain_size,
            sealed_size=part.sealed_size,
            sealed_sha256=part.sealed_sha256,
        )
        for rank, part in enumerate(envelope.parts, start=1)
    )
    return deposit


def _digest(envelope: Envelope) -> str:
    """One digest over those of the parts: nothing of a simulated deposit is proved by it."""
    return hashlib.sha256("".join(part.sealed_sha256 for part in envelope.parts).encode()).hexdigest()


@transaction.atomic
def practice_forget(*, at: datetime) -> int:
    """Erase the receipts of more than a month; gives how many deposits."""
    stale = PracticeDeposit.objects.filter(deposited_at__lt=at - KEPT)
    return stale.delete()[1].get("tenders.PracticeDeposit", 0)
