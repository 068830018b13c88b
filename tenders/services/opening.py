"""Open the bids: custodians together, after the deadline on the database's clock, or not at all."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from foundation.bell import ring
from foundation.clock import database_now
from foundation.errors import Refusal
from foundation.journal import services as journal
from tenders import legal, ocds, rules, sealing, selectors
from tenders.documents import request_opening_record
from tenders.enums import TenderState
from tenders.envelopes import binding_of
from tenders.models import (
    Contribution,
    InterestDeclaration,
    KeyShare,
    OpenedFile,
    Round,
    SealedPart,
    Tender,
)
from tenders.services.custody import owner_of, round_binding, share_binding
from tenders.services.locking import locked_tender
from tenders.services.unsealing import open_bids
from tenders.workflow import ROUND, TENDER

WINDOW = timedelta(minutes=30)
"""How long a passphrase waits for the next custodian."""


@dataclass(frozen=True)
class Opening:
    """Where the opening stands after a contribution."""

    tender: Tender
    is_open: bool
    still_needed: int
    expires_at: object = None


@dataclass(frozen=True)
class OpenedContent:
    """A file of an opened bid, decrypted as it is read."""

    name: str
    content_type: str
    size: int
    chunks: Iterator[bytes]


@transaction.atomic
def interest_declare(*, tender, has_interest: bool, statement: str = "", by, at) -> InterestDeclaration:
    """Declare, once, whether one has an interest in the consultation (L2141-10). Raises Refusal."""
    if not rules.works_for_buyer(by, tender):
        raise Refusal(
            _("Seules les personnes qui ouvrent ou jugent les offres déclarent leurs intérêts."),
            code="forbidden",
        )
    if has_interest and not statement.strip():
        raise Refusal(_("Décrivez l'intérêt, même en quelques mots."), field="statement")
    if selectors.interest_declaration(tender, by):
        raise Refusal(_("Vous avez déjà déclaré vos intérêts pour cette consultation."), code="conflict")
    declaration = InterestDeclaration.objects.create(
        tender=tender, user=by, has_interest=has_interest, statement=statement, declared_at=at
    )
    journal.record(
        by=by,
        action="tenders.interest",
        obj=tender,
        at=at,
        after={"has_interest": has_interest, "statement": statement},
        organisation=tender.buyer,
    )
    return declaration


def opening_contribute(*, tender, passphrase: str, by) -> Opening:
    """Give one's passphrase for the round in force; its bids open at once when enough custodians have, each within
    WINDOW.

    Raises Refusal, and each refusal is a line of the journal: too early, not a custodian, interest
    declared or not declared, twice the same person, wrong passphrase.
    """
    try:
        share = _own_share(tender, by)
        words = _unlocked_share(share, passphrase)
        return _contribute(share, words, by)
    except Refusal as refusal:
        _journal_refusal(tender, by, refusal)
        raise


def _own_share(tender: Tender, by) -> KeyShare:
    tender = Tender.objects.select_related("buyer").get(pk=tender.pk)
    round = selectors.round_in_force(tender)
    if round is None or not rules.can_open_round(by, round):
        raise Refusal(
            _("Seuls les dépositaires désignés pour cette consultation ouvrent ses plis."), code="forbidden"
        )
    reasons = ROUND.reasons(round, "open", database_now())
    if reasons:
        raise Refusal.of(reasons)
    _check_interest(tender, by)
    shares = KeyShare.objects.select_related("custodian_key", "tender_key__round")
    share = shares.get(tender_key__round=round, custodian=by)
    if selectors.valid_contributions(round, database_now()).filter(share=share).exists():
        raise Refusal(
            _("Vous avez déjà donné votre phrase de passe : un autre dépositaire doit donner la sienne."),
            code="conflict",
        )
    return share


def _check_interest(tender: Tender, by) -> None:
    declaration = selectors.interest_declaration(tender, by)
    article = legal.CONFLICT_OF_INTEREST.cited
    if declaration is None:
        raise Refusal(
            _("Déclarez d'abord si vous avez un intérêt dans cette consultation."),
            article=article,
            code="conflict",
        )
    if declaration.has_interest:
        raise Refusal(
            _(
                "Vous avez déclaré un intérêt dans cette consultation : un autre dépositaire doit ouvrir "
                "les plis."
            ),
            article=article,
            code="forbidden",
        )


def _unlocked_share(share: KeyShare, passphrase: str) -> bytes:
    own = share.custodian_key
    try:
        private = sealing.unlock(
            own.locked_private_key, passphrase, own.lock_parameters, owner_of(share.custodian)
        )
        binding = share_binding(share.tender_key.round, share.custodian_id)
        return sealing.unseal(share.sealed_share, private, binding)
    except sealing.SealBroken as error:
        raise Refusal(
            _("Cette phrase de passe n'ouvre pas votre clé : vérifiez les majuscules et les espaces."),
            field="passphrase",
        ) from error


def _kept_binding(share: KeyShare) -> sealing.Binding:
    return round_binding("contribution", share.tender_key.round, person=str(share.custodian_id))


@transaction.atomic
def _contribute(share: KeyShare, words: bytes, by) -> Opening:
    tender = locked_tender(Tender(pk=share.tender_key.round.tender_id))
    round = Round.objects.select_related("key").get(pk=share.tender_key.round_id)
    round.tender = tender
    at = database_now()
    Contribution.objects.filter(share__tender_key__round=round, expires_at__lte=at).delete()
    try:
        with transaction.atomic():
            given = Contribution.objects.create(
                share=share,
                resealed_share=sealing.keep(words, _kept_binding(share)),
                contributed_at=at,
                expires_at=at + WINDOW,
            )
    except IntegrityError as error:
        raise Refusal(_("Vous avez déjà donné votre phrase de passe."), code="conflict") from error
    journal.record(by=by, action="tenders.opening_contribute", obj=tender, at=at, organisation=tender.buyer)
    needed = share.tender_key.threshold - selectors.valid_contributions(round, at).count()
    if needed > 0:
        return Opening(tender, False, needed, given.expires_at)
    return Opening(_open(round, by, at), True, 0)


@transaction.atomic
def contributions_forget(*, at) -> int:
    """Erase the contributions that waited longer than WINDOW; returns how many."""
    return Contribution.objects.filter(expires_at__lte=at).delete()[0]


def _open(round: Round, by, at) -> Tender:
    tender, previous = round.tender, round.state
    contributions = list(
        selectors.valid_contributions(round, at).select_related(
            "share__custodian", "share__tender_key__round"
        )
    )
    private = _mark_opened(round, contributions, by, at)
    open_bids(round, private, at)
    custodians = [contribution.share.custodian for contribution in contributions]
    Contribution.objects.filter(share__tender_key__round=round).delete()
    request_opening_record(round, custodians, by, at)
    ocds.publish(tender, tag="tenderUpdate", at=at)
    journal.record(
        by=by,
        action="tenders.open",
        obj=tender,
        at=at,
        before={"round": round.number, "state": previous},
        after={
            "round": round.number,
            "state": round.state,
            "custodians": [custodian.pk for custodian in custodians],
        },
        organisation=tender.buyer,
    )
    _ring()
    return tender


def _mark_opened(round: Round, contributions: list[Contribution], by, at) -> bytes:
    """Move the round, and its consultation with the first one; gives the key that the contributions rebuild."""
    ROUND.apply(round, "open", by=by, at=at)
    private = _rebuilt_key(round, contributions)
    round.opened_at = at
    round.save(update_fields=["state", "opened_at"])
    round.key.sealed_private_key = sealing.keep(private, key_binding(round))
    round.key.opened_at = at
    round.key.save(update_fields=["sealed_private_key", "opened_at"])
    tender = round.tender
    if tender.state == TenderState.PUBLISHED:
        TENDER.apply(tender, "open", by=by, at=at)
        tender.opened_at = at
        tender.save(update_fields=["state", "opened_at"])
    return private


def _ring() -> None:
    # Imported late: the task is a door that calls this room.
    from tenders.tasks import inspect_files

    ring(inspect_files)


def key_binding(round: Round) -> sealing.Binding:
    """Where the private key of an opened round is kept."""
    return round_binding("tender-key", round)


def opened_key(round: Round) -> bytes:
    """The private key of an opened round."""
    return sealing.unkeep(round.key.sealed_private_key, key_binding(round))


def _rebuilt_key(round: Round, contributions: list[Contribution]) -> bytes:
    try:
        words = [
            sealing.unkeep(given.resealed_share, _kept_binding(given.share)).decode()
            for given in contributions
        ]
        return sealing.combine(words, round.key.public_key)
    except sealing.SealBroken as error:
        raise Refusal(
            _(
                "Les parts données ne reconstituent pas la clé : recommencez l'ouverture, puis prévenez "
                "l'assistance."
            ),
            code="conflict",
        ) from error


@transaction.atomic
def _journal_refusal(tender: Tender, by, refusal: Refusal) -> None:
    reason = " ".join(str(found) for found in refusal.reasons)
    journal.record(
        by=by,
        action="tenders.opening_refused",
        obj=tender,
        at=database_now(),
        reason=reason,
        organisation=tender.buyer,
    )


@transaction.atomic
def bid_file_read(*, part: SealedPart, by, at) -> OpenedContent:
    """A file of an opened bid, decrypted as it streams; each reading is a line of the journal. Raises
    Refusal.
    """
    part = SealedPart.objects.select_related("bid__tender__buyer", "bid__round__key", "lot").get(pk=part.pk)
    opened = OpenedFile.objects.filter(part=part).first()
    if opened is None or not rules.can_read_bid_content(by, part.bid):
        raise Refusal(_("Ce fichier n'est pas encore ouvert, ou pas pour vous."), code="forbidden")
    private = opened_key(part.bid.round)
    journal.record(by=by, action="tenders.file_read", obj=part, at=at, organisation=part.bid.tender.buyer)
    return OpenedContent(opened.name, opened.content_type, opened.size, _streamed(part, private))


def _streamed(part: SealedPart, private: bytes) -> Iterator[bytes]:
    with part.file.open("rb") as sealed:
        yield from sealing.unseal_stream(sealed, private, binding_of(part, "file"))
