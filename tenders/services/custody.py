"""Keys: each custodian's own, and the one of each round, split between them."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.errors import Refusal
from foundation.journal import services as journal
from tenders import checklist, rules, sealing
from tenders.models import CustodianKey, KeyShare, Round, TenderKey

MIN_PASSPHRASE = 16


def owner_of(user) -> str:
    """What a custodian's key is bound to, so that a row moved to somebody else no longer unlocks."""
    return f"custodian:{user.pk}"


def share_binding(round: Round, custodian_id: int) -> sealing.Binding:
    """Where a share opens: for this custodian, for this round."""
    return round_binding("share", round, person=str(custodian_id))


def round_binding(purpose: str, round: Round, person: str = "") -> sealing.Binding:
    """A place tied to a round. The first one is named by its consultation alone, as before there were several."""
    rank = "" if round.number == 1 else f"round {round.number}"
    return sealing.Binding(purpose, tender=str(round.tender_id), part=rank, person=person)


@transaction.atomic
def custodian_key_create(*, passphrase: str, by, at) -> CustodianKey:
    """Make `by`'s key pair, locked by a passphrase that nobody else can recover; a former key is retired.

    The former key still opens the consultations already published with it. Raises Refusal.
    """
    if not rules.can_hold_custodian_key(by):
        raise Refusal(_("Seul un dépositaire des clés crée une clé."), code="forbidden")
    if len(passphrase) < MIN_PASSPHRASE:
        raise Refusal(
            _(
                "La phrase de passe a au moins %(length)s caractères : quelques mots sans lien entre eux "
                "conviennent."
            )
            % {"length": MIN_PASSPHRASE},
            field="passphrase",
        )
    private, public = sealing.new_key_pair()
    locked, parameters = sealing.lock(private, passphrase, owner_of(by))
    CustodianKey.objects.filter(user=by, retired_at__isnull=True).update(retired_at=at)
    key = CustodianKey.objects.create(
        user=by,
        public_key=public,
        locked_private_key=locked,
        lock_parameters=parameters,
        created_at=at,
    )
    journal.record(by=by, action="tenders.custodian_key", obj=key, at=at)
    return key


def create_round_key(round: Round, at) -> TenderKey:
    """The round's key pair: the private half leaves this function only as shares sealed to the custodians.

    Called inside the transaction that opens the round.
    """
    tender = round.tender
    custodians = list(checklist.custodians_with_key(tender))
    private, public = sealing.new_key_pair()
    key = TenderKey.objects.create(
        round=round,
        public_key=public,
        threshold=tender.custodian_threshold,
        share_count=len(custodians),
        created_at=at,
    )
    own_keys = {
        row.user_id: row for row in CustodianKey.objects.filter(user__in=custodians, retired_at__isnull=True)
    }
    shares = sealing.split(private, key.threshold, key.share_count)
    for custodian, share in zip(custodians, shares, strict=True):
        own = own_keys[custodian.pk]
        sealed = sealing.seal(share.encode(), own.public_key, share_binding(round, custodian.pk))
        KeyShare.objects.create(tender_key=key, custodian=custodian, custodian_key=own, sealed_share=sealed)
    return key
