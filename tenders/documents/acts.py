"""Acts of the procedure: price schedule, receipt of a deposit, opening record, award notice; the facts they freeze."""

from collections import defaultdict

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.documents import services as documents
from foundation.documents.enums import DocumentForm
from foundation.documents.registry import Column, DocumentKind, Sheet, Variable
from tenders import rules, selectors
from tenders.enums import Finding
from tenders.identities import fingerprint
from tenders.models import Bid, Round, SealedPart, Seat, Tender
from tenders.rules import public

RECEIPT = "tenders.receipt"
OPENING_RECORD = "tenders.opening_record"
AWARD_NOTICE = "tenders.award_notice"
PRICE_SCHEDULE = "tenders.price_schedule"

TENDER_VARIABLES = (
    Variable("reference", gettext_lazy("référence de la consultation"), "2026-0012", "tender.reference"),
    Variable(
        "consultation", gettext_lazy("intitulé de la consultation"), "Service numérique", "tender.title"
    ),
)


def _sees_receipt(user, document) -> bool:
    """The bidder's members, and the buyer's people once the bids are opened: as for the bid itself."""
    return rules.bids_visible_to(user).filter(pk=document.object_id).exists()


def _receipts_seen(user, receipts: list) -> list:
    identifiers = {receipt.object_id for receipt in receipts}
    seen = {
        str(pk) for pk in rules.bids_visible_to(user).filter(pk__in=identifiers).values_list("pk", flat=True)
    }
    return [receipt for receipt in receipts if receipt.object_id in seen]


def tender_about(document) -> Tender | None:
    """The consultation that a document is about: the one at hand, else the row."""
    return document.subject or Tender.objects.filter(pk=document.object_id).defer("search_vector").first()


def _sees_price_schedule(user, document) -> bool:
    tender = tender_about(document)
    return tender is not None and public.can_view_tender(user, tender)


def _sees_opening_record(user, document) -> bool:
    tender = tender_about(document)
    return tender is not None and rules.reads_offers(user, tender)


def _sees_award_notice(user, document) -> bool:
    return True


def price_sheets(document) -> list[Sheet]:
    """One sheet a lot, the prices left for the firm to write."""
    columns = (
        Column(_("Code"), width=16),
        Column(_("Désignation"), width=60),
        Column(_("Unité"), width=14),
        Column(_("Quantité simulée"), "number", 14),
        Column(_("Prix unitaire HT"), "euros", 18),
    )
    notes = (
        f"{document.facts['tender']['reference']} : {document.facts['tender']['title']}",
        _("Une ligne par prix. Les prix déposés en ligne font foi ; cette feuille sert à les préparer."),
    )
    return [
        Sheet(
            title=_("Lot %(number)s : %(title)s") % lot,
            columns=columns,
            notes=notes,
            rows=tuple(
                (line["code"], line["label"], line["unit"], line["quantity"], None) for line in lot["lines"]
            ),
        )
        for lot in document.facts["lots"]
    ]


KINDS = (
    DocumentKind(
        code=RECEIPT,
        label=gettext_lazy("Accusé de réception d'un pli"),
        template="documents/tenders/receipt.html",
        can_see=_sees_receipt,
        see_many=_receipts_seen,
        variables=TENDER_VARIABLES,
    ),
    DocumentKind(
        code=PRICE_SCHEDULE,
        label=gettext_lazy("Bordereau des prix unitaires"),
        forms=(DocumentForm.XLSX,),
        sheets=price_sheets,
        can_see=_sees_price_schedule,
        takes_clauses=False,
    ),
    DocumentKind(
        code=OPENING_RECORD,
        label=gettext_lazy("Procès-verbal d'ouverture des plis"),
        template="documents/tenders/opening_record.html",
        can_see=_sees_opening_record,
        numbering="PVO",
        is_archive=True,
        variables=TENDER_VARIABLES,
    ),
    DocumentKind(
        code=AWARD_NOTICE,
        label=gettext_lazy("Avis d'attribution"),
        template="documents/tenders/award_notice.html",
        can_see=_sees_award_notice,
        numbering="AA",
        is_archive=True,
        variables=TENDER_VARIABLES,
    ),
)


def issuer_facts(tender: Tender) -> dict:
    """Who establishes the document."""
    return {"name": tender.buyer.name, "siret": tender.buyer.siret, "city": tender.buyer.city}


def tender_facts(tender: Tender) -> dict:
    """The consultation as its documents name it."""
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
        "id": str(part.pk),
        "position": part.position,
        "kind": part.get_kind_display(),
        "lot": part.lot.number if part.lot else None,
        "sealed_size": part.sealed_size,
        "sealed_sha256": part.sealed_sha256,
    }


def request_price_schedule(tender: Tender, by, at):
    """The price schedule of a published consultation, that firms open in their spreadsheet; None without any line."""
    lots = [_schedule_facts(lot) for lot in tender.lots.prefetch_related("price_lines")]
    if not any(lot["lines"] for lot in lots):
        return None
    facts = {"issuer": issuer_facts(tender), "tender": tender_facts(tender), "lots": lots}
    title = _("Bordereau des prix : %(reference)s") % {"reference": tender.reference}
    return documents.document_request(
        kind=PRICE_SCHEDULE, obj=tender, facts=facts, title=title, by=by, at=at, organisation=tender.buyer
    )


def _schedule_facts(lot) -> dict:
    lines = [
        {"code": line.code, "label": line.label, "unit": line.unit, "quantity": line.simulated_quantity}
        for line in lot.price_lines.all()
    ]
    return {"number": lot.number, "title": lot.title, "lines": lines}


def request_receipt(bid: Bid, parts: list[SealedPart], seats: list[Seat], at):
    """The receipt that the law wants at once (annexe 7, art. 2 III): its five facts, digests to prove them, and to
    whose keys the bid is sealed (`seats`).
    """
    facts = {
        "issuer": issuer_facts(bid.tender),
        "tender": tender_facts(bid.tender),
        "bidder": {"name": bid.bidder.name, "siret": bid.bidder.siret},
        "depositor": str(bid.deposited_by),
        "bid": str(bid.pk),
        "received_at": bid.deposited_at.isoformat(timespec="microseconds"),
        "is_late": bid.state == "late",
        "is_backup": bid.is_backup,
        "manifest_sha256": bid.manifest_sha256,
        "sealed_by": bid.key.get_sealed_by_display(),
        "commitment": bid.key.commitment,
        "custodians": [_custodian_facts(seat) for seat in seats],
        "parts": [_part_facts(part) for part in parts],
    }
    title = _("Accusé de réception : %(reference)s") % {"reference": bid.tender.reference}
    return documents.document_request(
        kind=RECEIPT,
        obj=bid,
        facts=facts,
        title=title,
        by=bid.deposited_by,
        at=at,
        organisation=bid.tender.buyer,
    )


def _custodian_facts(seat: Seat) -> dict:
    return {"name": str(seat.custodian), "fingerprint": fingerprint(seat.custodian_key.public_key)}


def request_opening_record(round: Round, custodians: list, by, at):
    """The record of the opening: who opened, what was received, with the digests printed on the receipts."""
    tender = round.tender
    bids = list(round.bids.select_related("bidder").order_by("deposited_at"))
    opened = {bid.pk: bid for bid in selectors.opened_bids(round)}
    facts = {
        "issuer": issuer_facts(tender),
        "tender": tender_facts(tender),
        "round": {"number": round.number, "kind": round.get_kind_display()},
        "opened_at": at.isoformat(timespec="microseconds"),
        "custodians": [str(custodian) for custodian in custodians],
        "declaration": _("Chacun a déclaré n'avoir aucun intérêt dans la consultation."),
        "bids": [_bid_facts(opened.get(bid.pk, bid)) for bid in bids],
        "closing": _closing_facts(round),
        "alarms": [_alarm_facts(alarm) for alarm in round.alarms.exclude(decided_at=None)],
    }
    title = _("Procès-verbal d'ouverture des plis : %(reference)s") % {"reference": tender.reference}
    return documents.document_request(
        kind=OPENING_RECORD, obj=tender, facts=facts, title=title, by=by, at=at, organisation=tender.buyer
    )


def _closing_facts(round: Round) -> dict | None:
    """The signed state of the journal that the opening started from."""
    checkpoint = selectors.closing_checkpoint(round)
    return checkpoint and {
        "size": checkpoint.size,
        "root": checkpoint.root,
        "made_at": checkpoint.made_at.isoformat(timespec="seconds"),
        "is_stamped": bool(checkpoint.timestamps.all()),
    }


def _alarm_facts(alarm) -> dict:
    return {
        "raised_at": alarm.raised_at.isoformat(timespec="seconds"),
        "decided_by": str(alarm.decided_by),
        "reason": alarm.reason,
        "findings": [
            {"bid": finding["bid"], "words": str(Finding(finding["kind"]).label)}
            for finding in alarm.findings
        ],
    }


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
    return part.opened.name if hasattr(part, "opened") else ""


def request_award_notice(tender: Tender, by, at, *, is_signed: bool):
    """The public notice: who holds each lot, by which rank; or why a lot has no holder. `is_signed`: the award
    notice of the law, after the signature; before it, what was decided.
    """
    awards = defaultdict(list)
    for award in selectors.decided_awards(tender):
        awards[award.lot_id].append(award)
    facts = {
        "issuer": issuer_facts(tender),
        "tender": tender_facts(tender),
        "decided_at": at.isoformat(),
        "earliest_signature_date": tender.earliest_signature_date.isoformat(),
        "lots": [_lot_facts(lot, awards[lot.pk]) for lot in tender.lots.all()],
    }
    words = _("Avis d'attribution : %(reference)s") if is_signed else _("Attribution décidée : %(reference)s")
    title = words % {"reference": tender.reference}
    return documents.document_request(
        kind=AWARD_NOTICE, obj=tender, facts=facts, title=title, by=by, at=at, organisation=tender.buyer
    )


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
