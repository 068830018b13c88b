"""Open the bids: custodians together, after the deadline on the database's clock, or not at all."""

import json
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from foundation.accounts import lockout
from foundation.bell import ring
from foundation.clock import database_now
from foundation.errors import Refusal
from foundation.journal import services as journal
from tenders import identities, legal, ocds, rules, sealing, selectors
from tenders.documents import request_opening_record
from tenders.enums import BidState, RoundState, TenderState
from tenders.envelopes import share_binding
from tenders.models import (
    Bid,
    BidShare,
    Contribution,
    InterestDeclaration,
    Round,
    Seat,
    Tender,
)
from tenders.services.backups import backups_open
from tenders.services.closing import (
    Altered,
    alarm_raise,
    check_copies,
    check_journalled,
    ready_round,
    set_aside,
)
from tenders.services.locking import locked_tender
from tenders.services.unsealing import mark_unreadable, open_bids
from tenders.shares import is_committed, open_share, rebuild
from tenders.workflow import ROUND, TENDER

WINDOW = timedelta(minutes=30)
"""How long a custodian's shares wait for the next custodian."""


@dataclass(frozen=True)
class Opening:
    """Where the opening stands after a contribution."""

    tender: Tender
    is_open: bool
    still_needed: int
    expires_at: object = None


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


def opening_contribute(
    *, tender, passphrase: str = "", shares: dict[UUID, bytes] | None = None, by
) -> Opening:
    """Give one's shares of the bids to open: `shares` that one's device unlocked, or the passphrase with which the
    server does. The bids open at once when enough custodians have, each within WINDOW.

    Raises Refusal, and each refusal is a line of the journal: too early, not a custodian, interest declared or not
    declared, twice the same person, wrong passphrase, rows that the journal does not confirm.
    """
    try:
        seat = _own_seat(tender, by)
        ready = ready_round(seat.custody.round)
        bids = bids_to_open(ready)
        given = _unlocked(seat, bids, passphrase) if shares is None else _committed(seat, bids, shares)
        return _contribute(seat, given, by)
    except Altered as altered:
        alarm_raise(round=altered.round, findings=altered.findings)
        _journal_refusal(tender, by, altered)
        raise
    except Refusal as refusal:
        _journal_refusal(tender, by, refusal)
        raise


def sealed_shares(*, tender, by) -> tuple[Seat, list[BidShare]]:
    """One's shares of the bids to open, still sealed, for one's device. Raises Refusal, as the opening does."""
    seat = _own_seat(tender, by)
    bids = bids_to_open(ready_round(seat.custody.round))
    return seat, list(seat.shares.filter(bid__in=bids).select_related("bid"))


def _own_seat(tender: Tender, by) -> Seat:
    tender = Tender.objects.select_related("buyer").get(pk=tender.pk)
    round = selectors.round_in_force(tender)
    if round is None or not rules.can_open_round(by, round):
        raise Refusal(
            _("Seuls les dépositaires désignés pour cette consultation ouvrent ses plis."), code="forbidden"
        )
    if not selectors.backups_asked(round) and (reasons := ROUND.reasons(round, "open", database_now())):
        raise Refusal.of(reasons)
    _check_interest(tender, by)
    seat = Seat.objects.select_related("custodian_key", "custodian").get(custody__round=round, custodian=by)
    seat.custody = round.custody
    seat.custody.round = round
    if selectors.valid_contributions(round, database_now()).filter(seat=seat).exists():
        raise Refusal(
            _("Vous avez déjà donné votre part : un autre dépositaire doit donner la sienne."),
            code="conflict",
        )
    return seat


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


def bids_to_open(round: Round) -> list[Bid]:
    """The bids in force of a sealed round; once it is opened, the backup copies that a buyer asked for."""
    if round.state == RoundState.OPENED:
        return list(selectors.backups_asked(round).exclude(pk__in=set_aside(round)))
    return list(round.bids.filter(state=BidState.DEPOSITED).exclude(pk__in=set_aside(round)))


def _unlocked(seat: Seat, bids: list[Bid], passphrase: str) -> dict[UUID, bytes]:
    """The shares that the server unseals with a passphrase; those that do not open are left out, be they all."""
    key = seat.custodian_key
    attempt = lockout.limit("custodian", seat.custodian, at=database_now())
    try:
        own = identities.unlock(key.locked_seed, passphrase, key.lock_parameters, str(seat.custodian_id))
    except sealing.SealBroken as error:
        raise Refusal(
            _("Cette phrase de passe n'ouvre pas votre clé : vérifiez les majuscules et les accents."),
            field="passphrase",
        ) from error
    lockout.succeed(attempt)
    given = {}
    for row in seat.shares.filter(bid__in=bids).select_related("bid"):
        place = share_binding(row.bid, seat.custodian_id)
        with suppress(sealing.SealBroken):
            given[row.bid_id] = open_share(row.sealed_share, own.share_key, place, row.commitment)
    return given


def _committed(seat: Seat, bids: list[Bid], shares: dict[UUID, bytes]) -> dict[UUID, bytes]:
    """The shares that a device unsealed, as far as they are those that the bids committed to."""
    rows = seat.shares.filter(bid__in=bids)
    person = str(seat.custodian_id)
    given = {
        row.bid_id: shares[row.bid_id]
        for row in rows
        if row.bid_id in shares and is_committed(shares[row.bid_id], row.commitment, str(row.bid_id), person)
    }
    return _some(given, bids)


def _some(given: dict[UUID, bytes], bids: list[Bid]) -> dict[UUID, bytes]:
    if bids and not given:
        raise Refusal(
            _("Votre clé n'ouvre aucune part de ces plis : un autre dépositaire doit donner les siennes."),
            field="passphrase",
        )
    return given


def _kept_binding(seat: Seat) -> sealing.Binding:
    round = seat.custody.round
    place = sealing.Binding("contribution", tender=str(round.tender_id), round=str(round.pk))
    return replace(place, person=str(seat.custodian_id))


@transaction.atomic
def _contribute(seat: Seat, given: dict[UUID, bytes], by) -> Opening:
    tender = locked_tender(Tender(pk=seat.custody.round.tender_id))
    round = Round.objects.select_related("custody").get(pk=seat.custody.round_id)
    round.tender = tender
    at = database_now()
    Contribution.objects.filter(seat__custody__round=round, expires_at__lte=at).delete()
    try:
        with transaction.atomic():
            kept = json.dumps({str(bid): share.hex() for bid, share in given.items()}).encode()
            own = Contribution.objects.create(
                seat=seat,
                kept_shares=sealing.keep(kept, _kept_binding(seat)),
                share_count=len(given),
                contributed_at=at,
                expires_at=at + WINDOW,
            )
    except IntegrityError as error:
        raise Refusal(_("Vous avez déjà donné votre part."), code="conflict") from error
    journal.record(
        by=by,
        action="tenders.opening_contribute",
        obj=tender,
        at=at,
        after={"round": round.number, "shares": len(given)},
        organisation=tender.buyer,
    )
    contributions = list(
        selectors.valid_contributions(round, at).select_related("seat__custodian", "seat__custody__round")
    )
    bids = bids_to_open(round)
    keys = _rebuilt(bids, contributions)
    needed = round.custody.threshold - len(contributions)
    if needed <= 0 and len(keys) < len(bids) and selectors.may_still_contribute(round, contributions):
        needed = 1
    if needed > 0:
        return Opening(tender, False, needed, own.expires_at)
    return Opening(_open(round, bids, keys, contributions, by, at), True, 0)


@transaction.atomic
def contributions_forget(*, at) -> int:
    """Erase the contributions that waited longer than WINDOW; returns how many."""
    return Contribution.objects.filter(expires_at__lte=at).delete()[0]


def _rebuilt(bids: list[Bid], contributions: list[Contribution]) -> dict[UUID, bytes]:
    """The private keys of the bids that have enough true shares."""
    given: dict[UUID, list[bytes]] = {bid.pk: [] for bid in bids}
    for contribution in contributions:
        try:
            kept = json.loads(sealing.unkeep(contribution.kept_shares, _kept_binding(contribution.seat)))
        except sealing.SealBroken as error:
            raise Refusal(
                _("Une part gardée n'est pas celle de son dépositaire : recommencez l'ouverture."),
                code="conflict",
            ) from error
        for bid, share in kept.items():
            if UUID(bid) in given:
                given[UUID(bid)].append(bytes.fromhex(share))
    keys = {}
    prefetch_related_objects(bids, "key", "shares__seat")
    for bid in bids:
        if len(given[bid.pk]) >= bid.key.threshold:
            dealt = [(one.x, str(one.seat.custodian_id), one.commitment) for one in bid.shares.all()]
            with suppress(sealing.SealBroken):
                keys[bid.pk] = rebuild(given[bid.pk], dealt, bid.key.public_key, str(bid.pk))
    return keys


def _open(round: Round, bids, keys, contributions, by, at) -> Tender:  # noqa: PLR0917  one act
    custodians = [contribution.seat.custodian for contribution in contributions]
    Contribution.objects.filter(seat__custody__round=round).delete()
    if round.state == RoundState.OPENED:
        check_copies(round, bids)
        backups_open(bids, keys, custodians, at)
        return round.tender
    tender, previous = round.tender, round.state
    check_journalled(round)
    _mark_opened(round, by, at)
    locked = Bid.objects.select_related("tender__buyer", "key").select_for_update(of=("self",))
    open_bids(list(locked.filter(pk__in=[bid.pk for bid in bids])), keys, at)
    _set_aside_altered(round, at)
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


def _set_aside_altered(round: Round, at) -> None:
    """Bids that a decided alarm names stay closed: nobody knows what their firm had sent."""
    altered = Bid.objects.select_related("tender__buyer").select_for_update(of=("self",))
    for bid in altered.filter(round=round, state=BidState.DEPOSITED, pk__in=set_aside(round)):
        mark_unreadable(bid, "altered", at)


def _mark_opened(round: Round, by, at) -> None:
    """Move the round, and its consultation with the first one."""
    ROUND.apply(round, "open", by=by, at=at)
    round.opened_at = at
    round.save(update_fields=["state", "opened_at"])
    tender = round.tender
    if tender.state == TenderState.PUBLISHED:
        TENDER.apply(tender, "open", by=by, at=at)
        tender.opened_at = at
        tender.save(update_fields=["state", "opened_at"])


def _ring() -> None:
    # Imported late: the task is a door that calls this room.
    from tenders.tasks import inspect_files

    ring(inspect_files)


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
