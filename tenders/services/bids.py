"""Deposit and withdraw bids. The instant that decides is read on the database's clock, in the inserting
transaction.
"""

import hashlib
from decimal import Decimal, InvalidOperation

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.enums import Role
from foundation.accounts.models import Organisation
from foundation.accounts.selectors import users_with_role
from foundation.clock import database_now
from foundation.errors import Reason, Refusal
from foundation.journal import services as journal
from foundation.money import cents
from tenders import rules, selectors
from tenders.documents import request_receipt
from tenders.enums import BidState, PartKind, RoundKind, TenderState, UploadState
from tenders.envelopes import Envelope, SealedUpload
from tenders.lot_limits import tendered_reasons
from tenders.models import Bid, Lot, Round, SealedPart, Tender, UploadSession
from tenders.notifications import tell_deposited
from tenders.services.candidatures.birth import FIRST_ROUND
from tenders.services.candidatures.deposit import (
    CandidatureDraft,
    candidature_check,
    candidature_seal,
)
from tenders.services.impact import impact_seal
from tenders.services.locking import queue_of_bidder, steady_round
from tenders.workflow import BID

RECEIVING = (TenderState.PUBLISHED, TenderState.OPENED)
"""What arrives late is kept even after the opening, until the consultation ends."""
ACTIONS = {
    BidState.LATE: "tenders.bid_late",
    BidState.BACKUP: "tenders.bid_backup",
    BidState.DEPOSITED: "tenders.bid_deposit",
}
MAX_PRICE = Decimal("9999999999.99")


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
    return Envelope(tender=tender, round=round, bidder=bidder, public_key=bytes(round.key.public_key))


def bid_deposit(
    *,
    envelope: Envelope,
    prices: dict[int, dict[str, str]],
    by,
    candidature: CandidatureDraft | None = None,
    is_backup: bool = False,
    answers: dict[int, dict[int, dict[str, str]]] | None = None,
) -> Bid:
    """Deposit the envelope, with its prices ({lot number: {line code: unit price}}) and its candidature sealed
    on the way. A round of candidatures takes no price. `answers` to the impact questions:
    {lot number: {question: {"words", "evidence"}}}.

    Everything slow (ciphertext into the storage) happens before one short transaction. Late: stored, never
    opened (R2151-5). A new deposit replaces the former (R2151-6). A backup copy doubles the bid and stays closed.
    Raises Refusal; the envelope is then thrown away.
    """
    stored: dict = {}
    envelope.is_backup = is_backup
    try:
        seal_content(envelope, prices, candidature, by, answers)
        envelope.recipients = list(users_with_role(envelope.bidder, Role.SUPPLIER))
        store_files(envelope, stored)
        return commit_deposit(envelope, stored, by)
    except BaseException:
        _throw_away(envelope, stored)
        raise
    finally:
        envelope.discard()


def _throw_away(envelope: Envelope, stored: dict) -> None:
    """Remove the ciphertext of a deposit that failed, never that of a bid that stands: an error may also come
    after the commit.
    """
    if not Bid.objects.filter(pk=envelope.bid_id).exists():
        for name in stored.values():
            default_storage.delete(name)


def seal_content(
    envelope: Envelope, prices: dict, candidature: CandidatureDraft | None, by, answers: dict | None = None
) -> None:
    """Put the candidature, the checked prices and the answers in the envelope. Raises Refusal, for a file refused
    on its way too, and for a first answer without candidature (R2143-3), whatever its door.
    """
    if candidature is not None or envelope.round.number == FIRST_ROUND:
        candidature_check(envelope=envelope, draft=candidature or CandidatureDraft())
    if envelope.round.kind == RoundKind.CANDIDATURE and not prices:
        _check_sender(envelope, by)
    else:
        seal_prices(envelope, prices, by)
    for lot in envelope.lots.values():
        if answers is not None and lot.number in prices:
            impact_seal(envelope, lot, answers.get(lot.number, {}))
    if candidature is not None:
        # Last: a form that is shown again keeps the files of the bidder, not the papers of his firm beside.
        candidature_seal(envelope=envelope, draft=candidature, by=by, at=database_now())


def _check_sender(envelope: Envelope, by) -> None:
    if not rules.can_submit_bid(by, envelope.bidder):
        raise Refusal(_("Seul un fournisseur de l'entreprise dépose son pli."), code="forbidden")
    if envelope.refusals:
        raise Refusal.of(envelope.refusals)
    _check_whole(envelope)


def seal_prices(envelope: Envelope, prices: dict, by) -> None:
    """Put the checked prices in the envelope. Raises Refusal, for a file refused or unfinished on its way too."""
    _check_sender(envelope, by)
    lots = {lot.number: lot for lot in envelope.lots.values()}
    checked = checked_prices(lots, prices)
    if reasons := tendered_reasons(envelope.tender, checked):
        raise Refusal.of(reasons)
    for number, amounts in checked.items():
        envelope.seal_prices(lots[number], amounts)


def _check_whole(envelope: Envelope) -> None:
    session = envelope.session
    if session and session.files.filter(removed_at=None, sealed_sha256="").exists():
        raise Refusal(
            _("Un fichier n'est pas arrivé en entier : reprenez son envoi, ou retirez-le."), field="files"
        )


def checked_prices(lots: dict[int, Lot], prices: dict) -> dict[int, dict[str, str]]:
    """The unit prices to the cent, as text. Raises Refusal naming each line that misses a price."""
    answered = {
        number: amounts for number, amounts in prices.items() if any(str(v or "") for v in amounts.values())
    }
    if not answered:
        raise Refusal(_("Répondez à un lot au moins : remplissez son bordereau des prix."), field="prices")
    reasons, checked = [], {}
    for number, amounts in answered.items():
        if number not in lots:
            raise Refusal(_("Ce lot n'existe pas dans la consultation."), field="prices")
        checked[number] = {}
        for line in lots[number].price_lines.all():
            price = _price(amounts.get(line.code))
            if price is None:
                reasons.append(_missing_price(number, line))
            checked[number][line.code] = str(price)
    if reasons:
        raise Refusal.of(reasons)
    return checked


def _price(value) -> Decimal | None:
    try:
        price = Decimal(str(value).replace(",", "."))
        price = cents(price) if price.is_finite() else None
    except InvalidOperation:
        return None
    return price if price is not None and 0 < price <= MAX_PRICE else None


def _missing_price(number: int, line) -> Reason:
    message = _(
        "Lot %(number)s, ligne %(code)s : écrivez un prix unitaire supérieur à zéro, par exemple 1 250,00."
    )
    return Reason(message % {"number": number, "code": line.code}, field=f"prix-{line.pk}")


def store_files(envelope: Envelope, stored: dict) -> None:
    """Put the ciphertext of the files in the storage; `stored` gets the name of each part as it goes."""
    for part in envelope.parts:
        if part.kind == PartKind.FILE and not part.stored:
            part.content.seek(0)
            path = f"tenders/sealed/{envelope.tender.pk}/{envelope.bid_id}/{part.id}"
            stored[part.id] = default_storage.save(path, File(part.content))


@transaction.atomic
def commit_deposit(envelope: Envelope, names: dict, by) -> Bid:
    """The short transaction: its instant decides, taken after the last byte and after every wait (D3)."""
    round = steady_round(envelope.round)
    if round.tender.state not in RECEIVING:
        raise Refusal(_("Cette consultation ne reçoit plus de réponse."), code="conflict")
    received_at = queue_of_bidder(round.tender, envelope.bidder.pk)
    late = received_at >= round.due_at
    in_time = BidState.BACKUP if envelope.is_backup else BidState.DEPOSITED
    if not late:
        rules.refuse_newcomer(by, rules.replaced_by_deposit(round, envelope.bidder, in_time))
        _replace_former(round, envelope.bidder, in_time, received_at)
    state = BidState.LATE if late else in_time
    bid = write_bid(envelope, names, by=by, received_at=received_at, state=state)
    if envelope.session:
        _close_session(envelope, received_at)
    receipt = request_receipt(bid, bid.sealed_parts, received_at)
    tell_deposited(bid, envelope.recipients, received_at)
    action = ACTIONS[state]
    # Nothing here is sealed: the receipt says what was received, never what it holds.
    after = {
        "state": bid.state,
        "manifest": bid.manifest_sha256,
        "receipt": journal.digest(receipt.facts),
    }
    journal.record(by=by, action=action, obj=bid, at=received_at, after=after, organisation=bid.bidder)
    return bid


def _close_session(envelope: Envelope, at) -> None:
    """The sending ends as a bid: whoever takes a file out of it waits for this row, then is refused."""
    still_open = UploadSession.objects.filter(pk=envelope.session.pk, state=UploadState.OPEN)
    if not still_open.update(state=UploadState.DEPOSITED, closed_at=at):
        raise Refusal(_("Cet envoi est fini : commencez-en un autre."), code="conflict")
    # Those still on their way count: a file announced since the answer was read is not left behind unsaid.
    held = envelope.session.files.filter(removed_at=None).count()
    if held != sum(1 for part in envelope.parts if part.stored):
        raise Refusal(_("Les fichiers de cet envoi ont changé : relisez-les, puis déposez."), code="conflict")


def write_bid(envelope: Envelope, names: dict, *, by, received_at, state: str) -> Bid:
    """The rows of a deposit. The database refuses an instant that is not its own, or a state that is not
    the verdict.
    """
    bid = Bid.objects.create(
        id=envelope.bid_id,
        tender=envelope.tender,
        round=envelope.round,
        bidder=envelope.bidder,
        deposited_by=by,
        deposited_at=received_at,
        manifest_sha256=manifest_of(envelope.parts),
        state=state,
        is_backup=envelope.is_backup,
    )
    bid.sealed_parts = [
        _part_row(bid, part, rank, names, envelope.lots) for rank, part in enumerate(envelope.parts, start=1)
    ]
    SealedPart.objects.bulk_create(bid.sealed_parts)
    return bid


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


def manifest_of(parts: list[SealedUpload]) -> str:
    """SHA-256 over the digests of the parts, in order: one line of the journal commits to the whole bid."""
    return hashlib.sha256("\n".join(f"{part.id} {part.sealed_sha256}" for part in parts).encode()).hexdigest()


def _replace_former(round: Round, bidder: Organisation, state: str, at) -> None:
    former = Bid.objects.select_for_update(of=("self",)).filter(round=round, bidder=bidder, state=state)
    for bid in former:
        bid.state, bid.replaced_at = BidState.REPLACED, at
        bid.save(update_fields=["state", "replaced_at"])


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
        organisation=bid.bidder,
    )
    return bid
