"""Documents of this stage: receipt of a deposit, opening record, award notice; and the facts they freeze."""

from collections import defaultdict

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.documents import services as documents
from foundation.documents.registry import DocumentKind, register
from tenders import rules, selectors
from tenders.enums import PartKind
from tenders.models import Bid, SealedPart, Tender

RECEIPT = "tenders.receipt"
OPENING_RECORD = "tenders.opening_record"
AWARD_NOTICE = "tenders.award_notice"


def _sees_receipt(user, document) -> bool:
    """The bidder's members, and the buyer's people once the bids are opened: as for the bid itself."""
    return rules.bids_visible_to(user).filter(pk=document.object_id).exists()


def _sees_opening_record(user, document) -> bool:
    tender = Tender.objects.filter(pk=document.object_id).first()
    return tender is not None and rules.reads_offers(user, tender)


def _sees_award_notice(user, document) -> bool:
    return True


KINDS = (
    DocumentKind(
        code=RECEIPT,
        label=gettext_lazy("Accusé de réception d'un pli"),
        template="documents/tenders/receipt.html",
        can_see=_sees_receipt,
    ),
    DocumentKind(
        code=OPENING_RECORD,
        label=gettext_lazy("Procès-verbal d'ouverture des plis"),
        template="documents/tenders/opening_record.html",
        can_see=_sees_opening_record,
        numbering="PVO",
    ),
    DocumentKind(
        code=AWARD_NOTICE,
        label=gettext_lazy("Avis d'attribution"),
        template="documents/tenders/award_notice.html",
        can_see=_sees_award_notice,
        numbering="AA",
    ),
)


def declare() -> None:
    """Make the kinds known to the foundation."""
    for kind in KINDS:
        register(kind)


def _issuer(tender: Tender) -> dict:
    return {"name": tender.buyer.name, "siret": tender.buyer.siret, "city": tender.buyer.city}


def _tender_facts(tender: Tender) -> dict:
    return {
        "reference": tender.reference,
        "title": tender.title,
        "description": tender.description,
        "buyer": tender.buyer.name,
        "submission_due_at": tender.submission_due_at.isoformat(),
    }


def _part_facts(part: SealedPart) -> dict:
    """A sealed part as it may be told before the opening: its nature, lot, sealed size and digest; never
    its name.
    """
    return {
        "position": part.position,
        "kind": part.get_kind_display(),
        "lot": part.lot.number if part.lot else None,
        "sealed_size": part.sealed_size,
        "sealed_sha256": part.sealed_sha256,
    }


def request_receipt(bid: Bid, at):
    """The receipt that the law wants at once (annexe 7, art. 2 III): its five facts, and digests to prove
    them.
    """
    parts = bid.parts.select_related("lot").order_by("position")
    facts = {
        "issuer": _issuer(bid.tender),
        "tender": _tender_facts(bid.tender),
        "bidder": {"name": bid.bidder.name, "siret": bid.bidder.siret},
        "depositor": str(bid.deposited_by),
        "bid": str(bid.pk),
        "received_at": bid.deposited_at.isoformat(timespec="microseconds"),
        "is_late": bid.state == "late",
        "manifest_sha256": bid.manifest_sha256,
        "parts": [_part_facts(part) for part in parts],
    }
    title = _("Accusé de réception : %(reference)s") % {"reference": bid.tender.reference}
    return documents.document_request(
        kind=RECEIPT, obj=bid, facts=facts, title=title, by=bid.deposited_by, at=at
    )


def request_opening_record(tender: Tender, custodians: list, by, at):
    """The record of the opening: who opened, what was received, with the digests printed on the receipts."""
    bids = list(tender.bids.select_related("bidder").order_by("deposited_at"))
    opened = {bid.pk: bid for bid in selectors.opened_bids(tender)}
    facts = {
        "issuer": _issuer(tender),
        "tender": _tender_facts(tender),
        "opened_at": at.isoformat(timespec="microseconds"),
        "custodians": [str(custodian) for custodian in custodians],
        "declaration": _("Chacun a déclaré n'avoir aucun intérêt dans la consultation."),
        "bids": [_bid_facts(opened.get(bid.pk, bid)) for bid in bids],
    }
    title = _("Procès-verbal d'ouverture des plis : %(reference)s") % {"reference": tender.reference}
    return documents.document_request(kind=OPENING_RECORD, obj=tender, facts=facts, title=title, by=by, at=at)


def _bid_facts(bid: Bid) -> dict:
    parts = bid.parts.select_related("lot", "opened").order_by("position")
    return {
        "bid": str(bid.pk),
        "bidder": bid.bidder.name,
        "siret": bid.bidder.siret,
        "received_at": bid.deposited_at.isoformat(timespec="microseconds"),
        "state": bid.get_state_display(),
        "is_opened": bid.state == "opened",
        "manifest_sha256": bid.manifest_sha256,
        "parts": [{**_part_facts(part), "name": _opened_name(part)} for part in parts],
        "offers": [
            {"lot": offer.lot.number, "total_excl_tax": str(offer.total_excl_tax)}
            for offer in bid.offers.all()
        ],
    }


def _opened_name(part: SealedPart) -> str:
    if part.kind == PartKind.PRICES:
        return ""
    return part.opened.name if hasattr(part, "opened") else ""


def request_award_notice(tender: Tender, by, at):
    """The public notice: who holds each lot, by which rank; or why a lot has no holder."""
    awards = defaultdict(list)
    for award in selectors.decided_awards(tender):
        awards[award.lot_id].append(award)
    facts = {
        "issuer": _issuer(tender),
        "tender": _tender_facts(tender),
        "decided_at": at.isoformat(),
        "earliest_signature_date": tender.earliest_signature_date.isoformat(),
        "lots": [_lot_facts(lot, awards[lot.pk]) for lot in tender.lots.all()],
    }
    title = _("Avis d'attribution : %(reference)s") % {"reference": tender.reference}
    return documents.document_request(kind=AWARD_NOTICE, obj=tender, facts=facts, title=title, by=by, at=at)


def _lot_facts(lot, awards: list) -> dict:
    return {
        "number": lot.number,
        "title": lot.title,
        "offers": lot.offers.count(),
        "unawarded_reason": lot.unawarded_reason,
        "holders": [
            {"rank": award.rank, "name": award.bidder.name, "siret": award.bidder.siret} for award in awards
        ],
    }
