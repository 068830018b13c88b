"""Custodians' keys, and who opens the bids of each round together."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.errors import Refusal
from foundation.journal import services as journal
from tenders import checklist, identities, rules, sealing
from tenders.enums import SealedBy
from tenders.identities import Identity
from tenders.models import CustodianKey, Custody, Round, Seat
from tenders.services.passphrases import demand_strong


@transaction.atomic
def custodian_key_create(*, passphrase: str, by, at) -> CustodianKey:
    """Make `by`'s key on the server, locked by a passphrase that nobody else can recover; a former key is retired.

    The former key still opens the consultations already published with it. Raises Refusal.
    """
    _demand_custodian(by)
    demand_strong(passphrase, by)
    person = str(by.pk)
    seed = sealing.drawn(identities.SEED_BYTES)
    locked, parameters = identities.lock(seed, passphrase, person)
    own = Identity.of(seed, person)
    return _keep(
        by, own.public_key, own.signing_key, own.certificate(), locked, parameters, SealedBy.SERVER, at
    )


@transaction.atomic
def custodian_key_keep(
    *,
    public_key: bytes,
    signing_key: bytes,
    certificate: bytes,
    locked: bytes,
    parameters: dict,
    by,
    at,
) -> CustodianKey:
    """Keep the key that `by` made and locked on his own device: the platform never saw the seed nor the passphrase.

    Raises Refusal when the keys are not certified by their holder, or locked too weakly.
    """
    _demand_custodian(by)
    is_sound = identities.is_certified(str(by.pk), public_key, signing_key, certificate)
    if not is_sound or not identities.is_lock(parameters) or not sealing.seals(public_key):
        raise Refusal(
            _("La clé faite par votre appareil est incomplète : rechargez la page, puis recommencez."),
            field="passphrase",
        )
    return _keep(by, public_key, signing_key, certificate, locked, parameters, SealedBy.DEVICE, at)


def _demand_custodian(by) -> None:
    if not rules.can_hold_custodian_key(by):
        raise Refusal(_("Seul un dépositaire des clés crée une clé."), code="forbidden")


def _keep(by, public_key, signing_key, certificate, locked, parameters, made_by, at) -> CustodianKey:  # noqa: PLR0917  a row
    CustodianKey.objects.filter(user=by, retired_at__isnull=True).update(retired_at=at)
    key = CustodianKey.objects.create(
        user=by,
        public_key=public_key,
        signing_key=signing_key,
        certificate=certificate,
        locked_seed=locked,
        lock_parameters=parameters,
        made_by=made_by,
        created_at=at,
    )
    journal.record(by=by, action="tenders.custodian_key", obj=key, at=at, facts=key_facts(key))
    return key


def key_facts(key: CustodianKey) -> dict[str, str]:
    """What anybody may know of a custodian's key: the journal, the notice and the receipts say it."""
    return {
        "person": str(key.user_id),
        "public_key": bytes(key.public_key).hex(),
        "signing_key": bytes(key.signing_key).hex(),
        "certificate": bytes(key.certificate).hex(),
        "fingerprint": identities.fingerprint(key.public_key),
    }


def custody_create(round: Round, by, at) -> Custody:
    """Name those who will open the bids of a round, with the keys to which firms will seal. No key is drawn here.

    Called inside the transaction that opens the round.
    """
    tender = round.tender
    custodians = list(checklist.custodians_with_key(tender))
    custody = Custody.objects.create(round=round, threshold=tender.custodian_threshold, created_at=at)
    keys = CustodianKey.objects.filter(user__in=custodians, retired_at__isnull=True).order_by("user_id")
    seats = [Seat(custody=custody, custodian_id=key.user_id, custodian_key=key) for key in keys]
    Seat.objects.bulk_create(seats)
    journal.record(
        by=by,
        action="tenders.custody",
        obj=round,
        at=at,
        facts=custody_facts(round, custody, seats),
        organisation=tender.buyer,
    )
    return custody


def custody_facts(round: Round, custody: Custody, seats) -> dict:
    """The line of the journal that the deposits and the opening are compared with."""
    keys = sorted((seat.custodian_key for seat in seats), key=lambda key: key.user_id)
    return {
        "tender": str(round.tender_id),
        "round": str(round.pk),
        "due_at": round.due_at.isoformat(),
        "threshold": custody.threshold,
        "custodians": [key_facts(key) for key in keys],
    }
