"""Deposit and withdraw bids. The instant that decides is read on the database's clock, in the inserting
transaction.
"""

import uuid
from dataclasses import dataclass

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.enums import Role
from foundation.accounts.models import Organisation
from foundation.accounts.selectors import users_with_role
from foundation.clock import database_now
from foundation.errors import Refusal
from foundation.journal import services as journal
from tenders import manifests, rules, selectors
from tenders.documents import request_receipt
from tenders.enums import BidState, PartKind, RoundKind, TenderState, UploadState
from tenders.envelopes import Envelope, SealedUpload
from tenders.events import DEPOSITS
from tenders.lot_limits import tendered_reasons
from tenders.models import Bid, BidKey, BidShare, Lot, Round, SealedPart, Tender, UploadSession
from tenders.notifications import tell_deposited
from tenders.prices import checked_prices
from tenders.services.candidatures.birth import FIRST_ROUND
from tenders.services.candidatures.deposit import (
    CandidatureDraft,
    candidature_check,
    candidature_seal,
)
from tenders.services.impact import impact_seal
from tenders.services.journalled import journalled_seats
from tenders.services.locking import queue_of_bidder, steady_round
from tenders.workflow import BID

RECEIVING = (TenderState.PUBLISHED, TenderState.OPENED)
"""What arrives late is kept even after the opening, until the consultation ends."""
SEALED_FACTS_LIMIT = 2 * 1024 * 1024
"""Bytes of sealed prices, answers or contents: a few pages of words at most."""


@dataclass(frozen=True)
class SealedFacts:
    """Facts that the device of the bidder, or his program, sealed: prices or answers of a lot, or the contents."""

    id: uuid.UUID
    kind: str
    lot: int | None
    sealed: bytes


@dataclass(frozen=True)
class SealedAnswer:
    """An answer sealed before it reached the server. `commitment`: SHA-256 of its contents."""

    parts: tuple[SealedFacts, ...]
    commitment: str


@dataclass(frozen=True)
class Seen:
    """What the page of the bidder showed when he deposited: the files sent before, the bid that this one replaces."""

    files: frozenset[uuid.UUID]
    replaces: uuid.UUID | None


def envelope_for(*, tender: Tender, bidder: Organisation, by) -> Envelope:
    """An empty envelope for an answer. Raises Refusal when `by` may not answer or the consultation takes
    no answer.

    After the deadline an envelope is still given: what arrives late is kept, marked and never opened
    (annexe 7).
    """
    if not rules.can_submit_bid(by, bidder):
        raise Refusal(_("Seul un fournisseur de l'entreprise dépose son pli."), code="forbidden")
    round = selectors.round_in_force(tender)
    if round is None or tender.state not in RECEIVING:
        raise Refusal(_("Cette consultation ne reçoit pas de réponse."), code="conflict")
    if not rules.is_invited(bidder, round):
        raise Refusal(_("Seuls les candidats invités par l'acheteur répondent à ce tour."), code="forbidden")
    return Envelope(tender=tender, round=round, bidder=bidder, seats=journalled_seats(round))


def bid_deposit(
    *,
    envelope: Envelope,
    prices: dict[int, dict[str, str]],
    by,
    candidature: CandidatureDraft | None = None,
    is_backup: bool = False,
    answers: dict[int, dict[int, dict[str, str]]] | None = None,
    sealed: SealedAnswer | None = None,
    seen: Seen | None = None,
) -> Bid:
    """Deposit the envelope, with its prices ({lot number: {line code: unit price}}) and its candidature sealed
    on the way. A round of candidatures takes no price. `answers` to the impact questions:
    {lot number: {question: {"words", "evidence"}}}. `sealed` stands for both when the device of the bidder sealed them.

    Everything slow (ciphertext into the storage) happens before one short transaction. Late: stored, never
    opened (R2151-5). A new deposit replaces the former (R2151-6). A backup copy doubles the bid and stays closed.
    A sending that was deposited gives its bid again. Raises Refusal, `conflict` when what was `seen` has changed; the
    envelope is then thrown away.
    """
    stored: dict = {}
    envelope.is_backup = is_backup
    try:
        seal_content(envelope, prices, candidature, by, answers=answers, sealed=sealed)
        envelope.recipients = list(users_with_role(envelope.bidder, Role.SUPPLIER))
        store_files(envelope, stored)
        bid = commit_deposit(envelope, stored, by, seen)
        if not hasattr(bid, "sealed_parts"):
            _throw_away(stored)
        return bid
    except BaseException:
        # An error may also come after the commit: the ciphertext of a bid that stands stays.
        if not Bid.objects.filter(pk=envelope.bid_id).exists():
            _throw_away(stored)
        raise
    finally:
        envelope.discard()


def _throw_away(stored: dict) -> None:
    """Remove the ciphertext of a deposit that failed, or that another one of the same sending came before."""
    for name in stored.values():
        default_storage.delete(name)


def deposited(session_id: uuid.UUID, *, by) -> Bid | None:
    """The bid that a sending of this person became; None while it is not deposited."""
    return Bid.objects.filter(pk=session_id, deposited_by=by).first()


def seal_content(
    envelope: Envelope,
    prices: dict,
    candidature: CandidatureDraft | None,
    by,
    *,
    answers: dict | None = None,
    sealed: SealedAnswer | None = None,
) -> None:
    """Put the candidature, the prices and the answers in the envelope, then the digests of what was written. Raises
    Refusal, for a file refused on its way too, and for a first answer without candidature (R2143-3), whatever its door.
    """
    if candidature is not None or envelope.round.number == FIRST_ROUND:
        candidature_check(envelope=envelope, draft=candidature or CandidatureDraft())
    check_sender(envelope, by)
    if sealed:
        take_sealed(envelope, sealed)
    elif prices or envelope.round.kind != RoundKind.CANDIDATURE:
        seal_prices(envelope, prices)
        for lot in envelope.lots.values():
            if answers is not None and lot.number in prices:
                impact_seal(envelope, lot, answers.get(lot.number, {}))
    if candidature is not None:
        # Last: a form that is shown again keeps the files of the bidder, not the papers of his firm beside.
        candidature_seal(envelope=envelope, draft=candidature, by=by, at=database_now())
    if not sealed:
        envelope.seal_contents()


def check_prices(envelope: Envelope, lots: dict[int, Lot], prices: dict) -> dict[int, dict[str, str]]:
    """The checked prices of the lots answered. Raises Refusal."""
    checked = checked_prices(lots, prices)
    if reasons := tendered_reasons(envelope.tender, checked):
        raise Refusal.of(reasons)
    return checked


def check_sender(envelope: Envelope, by) -> None:
    """Raises Refusal when `by` may not deposit, or when a file was refused or is unfinished."""
    if not rules.can_submit_bid(by, envelope.bidder):
        raise Refusal(_("Seul un fournisseur de l'entreprise dépose son pli."), code="forbidden")
    if envelope.refusals:
        raise Refusal.of(envelope.refusals)
    _check_whole(envelope)


def seal_prices(envelope: Envelope, prices: dict) -> None:
    """Put the checked prices in the envelope. Raises Refusal."""
    lots = {lot.number: lot for lot in envelope.lots.values()}
    for number, amounts in check_prices(envelope, lots, prices).items():
        envelope.seal_prices(lots[number], amounts)


def take_sealed(envelope: Envelope, answer: SealedAnswer) -> None:
    """Put what the bidder sealed himself in the envelope: what it says is read, and checked, at the opening only.

    Raises Refusal for an answer that this consultation does not take: no lot answered, a part said twice.
    """
    lots = {lot.number: lot for lot in envelope.lots.values()}
    told = [(part.kind, part.lot) for part in answer.parts]
    takes_prices = envelope.round.kind != RoundKind.CANDIDATURE
    priced = {lot for kind, lot in told if kind == PartKind.PRICES}
    is_sound = (
        len(set(told)) == len(told)
        and len({part.id for part in answer.parts}) == len(told)
        and told.count((PartKind.CONTENTS, None)) == 1
        and all(_may_be_sealed(part, lots) for part in answer.parts)
        and not is_part(*(part.id for part in answer.parts))
        and not {part.id for part in answer.parts} & {part.id for part in envelope.parts}
    )
    if not is_sound:
        raise Refusal(_("Ce pli scellé par votre appareil est incomplet : rechargez la page."), field="parts")
    if takes_prices and not priced:
        raise Refusal(_("Répondez à un lot au moins : remplissez son bordereau des prix."), field="prices")
    if reasons := tendered_reasons(envelope.tender, dict.fromkeys(priced)):
        raise Refusal.of(reasons)
    for part in answer.parts:
        envelope.take_sealed(part.id, part.kind, lots.get(part.lot), part.sealed)
    envelope.commitment = answer.commitment


def is_part(*ids: uuid.UUID) -> bool:
    """Whether one of these identifiers, which who seals chooses, is that of a part already deposited."""
    return SealedPart.objects.filter(pk__in=ids).exists()


def _may_be_sealed(part: SealedFacts, lots: dict[int, Lot]) -> bool:
    if not 0 < len(part.sealed) <= SEALED_FACTS_LIMIT:
        return False
    if part.kind == PartKind.CONTENTS:
        return part.lot is None
    return part.kind in {PartKind.PRICES, PartKind.ANSWERS} and part.lot in lots


def _check_whole(envelope: Envelope) -> None:
    session = envelope.session
    if session and session.files.filter(removed_at=None, sealed_sha256="").exists():
        raise Refusal(
            _("Un fichier n'est pas arrivé en entier : reprenez son envoi, ou retirez-le."), field="files"
        )


def store_files(envelope: Envelope, stored: dict) -> None:
    """Put the ciphertext of the files in the storage; `stored` gets the name of each part as it goes."""
    for part in envelope.parts:
        if part.kind == PartKind.FILE and not part.stored:
            part.content.seek(0)
            path = f"tenders/sealed/{envelope.tender.pk}/{envelope.bid_id}/{part.id}"
            stored[part.id] = default_storage.save(path, File(part.content))


@transaction.atomic
def commit_deposit(envelope: Envelope, names: dict, by, seen: Seen | None = None) -> Bid:
    """The short transaction: its instant decides, taken after the last byte and after every wait (D3).

    Gives the former bid, without `sealed_parts`, when this sending was deposited already.
    """
    round = steady_round(envelope.round)
    if round.tender.state not in RECEIVING:
        raise Refusal(_("Cette consultation ne reçoit plus de réponse."), code="conflict")
    received_at = queue_of_bidder(round.tender, envelope.bidder.pk)
    late = received_at >= round.due_at
    in_time = BidState.BACKUP if envelope.is_backup else BidState.DEPOSITED
    if envelope.session and not _close_session(envelope, received_at):
        return _already(envelope, by)
    if seen is not None:
        _check_seen(envelope, seen, None if late else in_time)
    if not late:
        rules.refuse_newcomer(by, rules.replaced_by_deposit(round, envelope.bidder, in_time))
        _replace_former(round, envelope.bidder, in_time, by, received_at)
    state = BidState.LATE if late else in_time
    bid = write_bid(envelope, names, by=by, received_at=received_at, state=state)
    receipt = request_receipt(bid, bid.sealed_parts, envelope.seats, received_at)
    tell_deposited(bid, envelope.recipients, received_at)
    deposit_journal(bid, receipt, by)
    return bid


def deposit_journal(bid: Bid, receipt, by) -> None:
    """The line of a deposit: it commits to the manifest and to the receipt. Nothing here is sealed."""
    after = {"state": bid.state, "manifest": bid.manifest_sha256, "receipt": journal.digest(receipt.facts)}
    journal.record(
        by=by,
        action=DEPOSITS[bid.state],
        obj=bid,
        at=bid.deposited_at,
        after=after,
        facts=deposit_facts(bid),
        organisation=bid.bidder,
    )


def deposit_facts(bid: Bid) -> dict[str, str]:
    """What the line of the journal says in clear of a deposit: the opening starts from it."""
    return {
        "round": str(bid.round_id),
        "bidder": str(bid.bidder_id),
        "state": bid.state,
        "manifest": bid.manifest_sha256,
    }


def _already(envelope: Envelope, by) -> Bid:
    bid = deposited(envelope.session.pk, by=by)
    if bid is None:
        raise Refusal(_("Cet envoi est fini : commencez-en un autre."), code="conflict")
    return bid


def _check_seen(envelope: Envelope, seen: Seen, state: str | None) -> None:
    """What the bidder read is what he deposits: the files, and the bid in force that this one replaces."""
    sent = {part.id for part in envelope.parts if part.stored}
    former = Bid.objects.filter(round=envelope.round, bidder=envelope.bidder, state=state)
    replaced = former.values_list("pk", flat=True).first() if state else seen.replaces
    if sent != seen.files or replaced != seen.replaces:
        raise Refusal(
            _(
                "Ce que vous voyez n'est plus à jour : un autre onglet ou un collègue a changé les fichiers, ou déposé "
                "un pli. Rien n'est perdu : relisez, puis déposez."
            ),
            code="conflict",
            field="files",
        )


def _close_session(envelope: Envelope, at) -> bool:
    """The sending ends as a bid: whoever takes a file out of it waits for this row, then is refused. False when it
    had ended before.
    """
    still_open = UploadSession.objects.filter(pk=envelope.session.pk, state=UploadState.OPEN)
    if not still_open.update(state=UploadState.DEPOSITED, closed_at=at):
        return False
    # Those still on their way count: a file announced since the answer was read is not left behind unsaid.
    held = envelope.session.files.filter(removed_at=None).count()
    if held != sum(1 for part in envelope.parts if part.stored):
        raise Refusal(_("Les fichiers de cet envoi ont changé : relisez-les, puis déposez."), code="conflict")
    return True


def write_bid(envelope: Envelope, names: dict, *, by, received_at, state: str) -> Bid:
    """The rows of a deposit. The database refuses an instant that is not its own, or a state that is not
    the verdict.
    """
    bid = Bid(
        id=envelope.bid_id,
        tender=envelope.tender,
        round=envelope.round,
        bidder=envelope.bidder,
        deposited_by=by,
        deposited_at=received_at,
        state=state,
        is_backup=envelope.is_backup,
    )
    parts = [
        _part_row(bid, part, rank, names, envelope.lots) for rank, part in enumerate(envelope.parts, start=1)
    ]
    key, shares = _key_rows(bid, envelope)
    bid.manifest_sha256 = manifests.manifest_sha256(bid, key, shares, parts)
    bid.save(force_insert=True)
    SealedPart.objects.bulk_create(parts)
    key.save(force_insert=True)
    BidShare.objects.bulk_create(shares)
    bid.sealed_parts = parts
    return bid


def _key_rows(bid: Bid, envelope: Envelope) -> tuple[BidKey, list[BidShare]]:
    dealing, seats = envelope.dealing, {seat.pk: seat for seat in envelope.seats}
    key = BidKey(
        bid=bid,
        public_key=dealing.public_key,
        threshold=envelope.round.custody.threshold,
        sealed_by=dealing.sealed_by,
        commitment=envelope.commitment,
    )
    shares = [
        BidShare(
            bid=bid, seat=seats[one.seat], x=one.x, sealed_share=one.sealed_share, commitment=one.commitment
        )
        for one in dealing.shares
    ]
    return key, shares


def _part_row(bid: Bid, part: SealedUpload, rank: int, names: dict, lots: dict) -> SealedPart:
    row = SealedPart(
        id=part.id,
        bid=bid,
        lot=lots[part.lot_id] if part.lot_id else None,
        position=rank,
        kind=part.kind,
        sealed_facts=part.sealed_facts,
        sealed_size=part.sealed_size,
        sealed_sha256=part.sealed_sha256,
    )
    if part.kind == PartKind.FILE:
        row.file.name = part.stored or names[part.id]
    else:
        part.content.seek(0)
        row.sealed_data = part.content.read()
    return row


def _replace_former(round: Round, bidder: Organisation, state: str, by, at) -> None:
    former = Bid.objects.select_for_update(of=("self",)).filter(round=round, bidder=bidder, state=state)
    for bid in former:
        bid.state, bid.replaced_at = BidState.REPLACED, at
        bid.save(update_fields=["state", "replaced_at"])
        moved = {"before": {"state": state}, "after": {"state": bid.state}}
        journal.record(by=by, action="tenders.bid_replace", obj=bid, at=at, organisation=bidder, **moved)


@transaction.atomic
def bid_withdraw(*, bid: Bid, by) -> Bid:
    """Withdraw a bid before the deadline; it stays sealed, listed as withdrawn. Raises Refusal
    (too_late…).
    """
    queue_of_bidder(steady_round(bid.round).tender, bid.bidder_id)
    bid = (
        Bid.objects.select_related("round", "tender", "bidder").select_for_update(of=("self",)).get(pk=bid.pk)
    )
    at = database_now()
    rules.refuse_newcomer(by, [bid])
    previous = BID.apply(bid, "withdraw", by=by, at=at)
    bid.withdrawn_at = at
    bid.save(update_fields=["state", "withdrawn_at"])
    journal.record(
        by=by,
        action="tenders.bid_withdraw",
        obj=bid,
        at=at,
        before={"state": previous},
        after={"state": bid.state},
        facts=deposit_facts(bid),
        organisation=bid.bidder,
    )
    return bid
