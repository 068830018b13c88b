"""From the decision to the served contract: wait, documents of the holder, signature, service, award notice."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.errors import Refusal
from foundation.files import services as files
from foundation.files.services import Checked
from foundation.journal import services as journal
from tenders import events, legal, ocds, rules, selectors
from tenders.documents import request_award_notice
from tenders.enums import ContractState
from tenders.models import Award, Contract, Deed, RequestedPiece, Tender
from tenders.notifications import tell_piece_refused, tell_pieces_asked, tell_served
from tenders.profiles import PIECE, SIGNED_ACT
from tenders.services.locking import locked_tender
from tenders.signatures import SignatureFacts, signatures_of
from tenders.workflow import CONTRACT, PIECE_CHECK


def contracts_begin(awards: list[Award], at) -> list[Contract]:
    """A contract to sign for each award just decided, in the transaction of the decision."""
    return [Contract.objects.create(award=award, signable_at=signable_at(award, at)) for award in awards]


def signable_at(award: Award, at) -> datetime:
    """The first instant when the contract of an award decided at `at` may be signed (L41).

    No wait for the only firm that took part (R2182-2): a bid late or unreadable took part too, and so did a
    candidature put aside in a former round.
    """
    if not selectors.others_took_part(award.lot, award.bidder):
        return at
    day = legal.earliest_signature_date(award.lot.tender.procedure, at)
    start = datetime.combine(day, time(0), legal.PARIS)
    return max(start, at)


def _locked(contract: Contract) -> Contract:
    """The contract, locked after its consultation."""
    locked_tender(contract.award.lot.tender)
    rows = Contract.objects.select_related("award__lot__tender__buyer", "award__bidder", "award__offer__bid")
    return rows.select_for_update(of=("self",)).get(pk=contract.pk)


def _tender(contract: Contract) -> Tender:
    return contract.award.lot.tender


@transaction.atomic
def pieces_ask(*, contract: Contract, labels: list[str], due_at, by, at) -> list[RequestedPiece]:
    """Ask the future holder for documents, all for the same day. Raises Refusal."""
    contract = _locked(contract)
    if contract.state != ContractState.TO_SIGN or not rules.can_prepare_contract(by, contract):
        raise Refusal(_("Seuls les acheteurs demandent des pièces, avant la signature."), code="forbidden")
    known = set(contract.pieces.values_list("label", flat=True))
    labels = [
        label.strip() for label in dict.fromkeys(labels) if label.strip() and label.strip() not in known
    ]
    if not labels:
        raise Refusal(_("Choisissez au moins une pièce qui n'est pas déjà demandée."), field="labels")
    if due_at <= at:
        raise Refusal(_("Choisissez une date à venir."), field="due_at")
    pieces = [
        RequestedPiece.objects.create(contract=contract, label=label, asked_by=by, asked_at=at, due_at=due_at)
        for label in labels
    ]
    tell_pieces_asked(contract, labels, due_at, at)
    after = {"contract": contract.pk, "pieces": labels, "due_at": due_at.isoformat()}
    _journal(contract, "tenders.pieces_ask", by, at, after=after)
    return pieces


def piece_send(*, piece: RequestedPiece, upload, by, at) -> RequestedPiece:
    """The future holder sends a document; a new one replaces the former until it is accepted. Raises Refusal.

    After the date the platform still takes it: whether it is too late is for the buyer to say, with his reason.
    """
    # Before the transaction: a file may be long to check, and the consultation is not held meanwhile.
    checked = files.check_upload(upload, profile=PIECE)
    return _send_piece(piece, upload, checked, by, at)


@transaction.atomic
def _send_piece(piece: RequestedPiece, upload, checked: Checked, by, at) -> RequestedPiece:
    contract = _locked(piece.contract)
    piece = RequestedPiece.objects.select_for_update(of=("self",)).get(pk=piece.pk)
    piece.contract = contract
    previous = PIECE_CHECK.apply(piece, "send", by=by, at=at)
    piece.name, piece.content_type = checked.name, checked.media_type
    piece.size, piece.sha256 = checked.size, checked.sha256
    piece.file.name = files.store(upload, folder=f"tenders/pieces/{contract.pk}", name=checked.name)
    piece.received_at, piece.decided_at, piece.decided_by, piece.refusal_reason = at, None, None, ""
    piece.save()
    after = {"state": piece.state, "piece": piece.label, "sha256": piece.sha256}
    journal.record(
        by=by,
        action="tenders.piece_send",
        obj=contract.award.bid,
        at=at,
        before={"state": previous},
        after=after,
        organisation=contract.award.bidder,
    )
    return piece


@transaction.atomic
def piece_check(*, piece: RequestedPiece, is_accepted: bool, reason: str = "", by, at) -> RequestedPiece:
    """Accept a document of the future holder, or refuse it with the reason. Raises Refusal."""
    contract = _locked(piece.contract)
    piece = RequestedPiece.objects.select_for_update(of=("self",)).get(pk=piece.pk)
    piece.contract, piece.refusal_reason = contract, "" if is_accepted else reason.strip()
    previous = PIECE_CHECK.apply(piece, "accept" if is_accepted else "refuse", by=by, at=at)
    piece.decided_by, piece.decided_at = by, at
    piece.save(update_fields=["state", "refusal_reason", "decided_by", "decided_at"])
    if not is_accepted:
        tell_piece_refused(piece, at)
    after = {"state": piece.state, "piece": piece.label}
    _journal(contract, "tenders.piece_check", by, at, reason=reason, before={"state": previous}, after=after)
    return piece


def contract_sign(*, contract: Contract, upload, by, at) -> Contract:
    """Put the signed act on the contract and hold it for signed. Raises Refusal.

    Refused before the end of the wait, while a challenge is pending, while a document is missing, and for a PDF
    without a signature or whose content changed after one.
    """
    # Before the transaction, as above.
    checked = files.check_upload(upload, profile=SIGNED_ACT)
    return _sign(contract, upload, checked, _signatures(upload), by=by, at=at)


@transaction.atomic
def _sign(contract: Contract, upload, checked: Checked, found: list[SignatureFacts], *, by, at) -> Contract:
    contract = _locked(contract)
    previous = CONTRACT.apply(contract, "sign", by=by, at=at)
    deed = _deed(contract, upload, checked, found, by=by, at=at)
    contract.signed_by, contract.signed_at = by, at
    if legal.PROCEDURES[_tender(contract).procedure].formal:
        days = int(legal.AWARD_NOTICE_DAYS.value)
        contract.notice_due_date = at.astimezone(legal.PARIS).date() + timedelta(days=days)
    contract.save(update_fields=["state", "signed_by", "signed_at", "notice_due_date"])
    after = {"state": contract.state, "sha256": deed.sha256, "signatures": deed.report}
    _journal(contract, "tenders.contract_sign", by, at, before={"state": previous}, after=after)
    return contract


def _signatures(upload) -> list[SignatureFacts]:
    upload.seek(0)
    try:
        found = signatures_of(upload)
    except ValueError as error:
        raise Refusal(_("Ce PDF ne se lit pas : déposez l'acte signé lui-même."), field="upload") from error
    if not found:
        raise Refusal(
            _("Ce PDF ne porte aucune signature électronique : signez-le, puis déposez-le."),
            field="upload",
            article=legal.SIGNATURE.cited,
        )
    broken = [row.signer for row in found if not row.is_intact]
    if broken:
        raise Refusal(
            _("Le contenu a changé après la signature de : %(names)s. Faites signer de nouveau.")
            % {"names": ", ".join(broken)},
            field="upload",
        )
    return found


def _deed(contract: Contract, upload, checked: Checked, found: list[SignatureFacts], *, by, at) -> Deed:
    upload.seek(0)
    deed = Deed(
        contract=contract,
        name=checked.name,
        size=checked.size,
        sha256=checked.sha256,
        report=[row.facts for row in found],
        added_by=by,
        added_at=at,
    )
    deed.file.name = files.store(upload, folder=f"tenders/deeds/{contract.pk}", name=checked.name)
    deed.save()
    return deed


@transaction.atomic
def contract_serve(*, contract: Contract, by, at) -> Contract:
    """Serve the signed contract on its holder (« notification du marché »): it takes effect. Raises Refusal."""
    contract = _locked(contract)
    previous = CONTRACT.apply(contract, "serve", by=by, at=at)
    if at < contract.signed_at:
        raise Refusal(_("Le contrat se notifie après sa signature : revenez à cette date."), code="too_early")
    contract.served_at = at
    contract.save(update_fields=["state", "served_at"])
    tell_served(contract, at)
    ocds.publish(_tender(contract), tag="contract", at=at)
    after = {"state": contract.state, "served_at": at.isoformat()}
    _journal(contract, "tenders.contract_serve", by, at, before={"state": previous}, after=after)
    events.emit(events.ContractServed(contract.pk, _tender(contract).pk, at))
    return contract


@transaction.atomic
def award_notice_publish(*, tender: Tender, by, at) -> list[Contract]:
    """Publish the award notice of the contracts signed so far (R2183-1). Raises Refusal."""
    tender = locked_tender(tender)
    waiting = Contract.objects.select_for_update(of=("self",)).filter(
        award__lot__tender=tender,
        state__in=[ContractState.SIGNED, ContractState.SERVED],
        notice_sent_at__isnull=True,
    )
    contracts = list(waiting)
    if not rules.can_write_reports(by, tender):
        raise Refusal(_("Seuls les acheteurs publient l'avis d'attribution."), code="forbidden")
    if not contracts:
        raise Refusal(_("Aucun contrat signé n'attend son avis d'attribution."), code="conflict")
    for contract in contracts:
        contract.notice_sent_at = at
        contract.save(update_fields=["notice_sent_at"])
    request_award_notice(tender, by, at, is_signed=True)
    journal.record(
        by=by,
        action="tenders.award_notice",
        obj=tender,
        at=at,
        after={"contracts": [contract.pk for contract in contracts]},
        organisation=tender.buyer,
    )
    return contracts


def _journal(contract: Contract, action: str, by, at, **facts) -> None:
    tender = _tender(contract)
    reason = facts.pop("reason", "") or str(contract)
    journal.record(by=by, action=action, obj=tender, at=at, reason=reason, organisation=tender.buyer, **facts)
