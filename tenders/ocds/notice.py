"""The notice: what is bought, in which lots, until when, with which documents."""

from django.conf import settings
from django.urls import reverse

from tenders.enums import CancelGround, ChangeKind, TenderState
from tenders.models import Award, Lot, Tender, TenderDocument
from tenders.ocds.competition import award_criteria
from tenders.ocds.parties import reference

STATUS = {
    TenderState.PUBLISHED: "active",
    TenderState.OPENED: "active",
    TenderState.AWARDED: "complete",
    TenderState.CANCELLED: "cancelled",
}
UNSUCCESSFUL = (CancelGround.NO_BID, CancelGround.NO_FIT_BID)
DAYS_IN_A_MONTH = 30
"""OCDS counts contract periods in days."""


def page(tender: Tender) -> str:
    """The address of the consultation, where it is read and answered."""
    return settings.PUBLIC_URL + reverse("tenders:detail", args=[tender.pk])


def of(tender: Tender) -> dict:
    """The facts of the notice itself."""
    return {
        "id": tender.reference,
        "title": tender.title,
        "description": tender.description,
        "status": status(tender),
        "procuringEntity": reference(tender.buyer),
        "mainProcurementCategory": "services",
        "submissionMethod": ["electronicSubmission"],
        "submissionMethodDetails": page(tender),
        "submissionTerms": {"electronicSubmissionPolicy": "required", "languages": ["fr"]},
        "tenderPeriod": {"startDate": tender.published_at, "endDate": tender.submission_due_at},
        "enquiryPeriod": {
            "startDate": tender.published_at if tender.questions_due_at else None,
            "endDate": tender.questions_due_at,
        },
        "awardPeriod": {"startDate": tender.opened_at, "endDate": tender.awarded_at},
        "contractPeriod": {"durationInDays": (tender.duration_months or 0) * DAYS_IN_A_MONTH or None},
    }


def status(tender: Tender) -> str:
    """The state in OCDS's words; « infructueux » is not « sans suite »."""
    return "unsuccessful" if tender.cancel_ground in UNSUCCESSFUL else STATUS[tender.state]


def lots(tender: Tender, awards: list[Award]) -> list[dict]:
    """Each lot with its criteria, and what became of it."""
    held = {award.lot_id for award in awards if not award.reversed_at}
    return [
        {
            "id": lot_id(lot),
            "title": lot.title,
            "description": lot.description,
            "status": _lot_status(tender, lot, held),
            "awardCriteria": award_criteria(lot),
        }
        for lot in tender.lots.prefetch_related("criteria")
    ]


def lot_id(lot: Lot) -> str:
    """The lot by its number, as the notice names it."""
    return str(lot.number)


def _lot_status(tender: Tender, lot: Lot, held: set[int]) -> str:
    if tender.state == TenderState.AWARDED and lot.pk not in held:
        return "unsuccessful"
    return status(tender)


def items(tender: Tender) -> list[dict]:
    """One item for each lot: what it buys, in the common vocabulary (CPV)."""
    code = tender.cpv_code.split("-", maxsplit=1)[0]
    if not code:
        return []
    return [
        {
            "id": lot_id(lot),
            "description": lot.title,
            "classification": {"scheme": "CPV", "id": code},
            "relatedLot": lot_id(lot),
        }
        for lot in tender.lots.all()
    ]


def amendments(tender: Tender) -> list[dict]:
    """What changed after the publication, and why: the cancellation is told by the status."""
    changes = tender.changes.exclude(kind=ChangeKind.CANCELLATION).order_by("number")
    return [
        {
            "id": str(change.number),
            "date": change.published_at,
            "rationale": change.reason,
            "description": " ".join(f"{fact['label']} : {fact['after']}." for fact in change.facts),
        }
        for change in changes
    ]


def documents(tender: Tender) -> list[dict]:
    """The page of the notice, then the files of the consultation, which anyone downloads."""
    own = {"id": "notice", "documentType": "tenderNotice", "title": tender.title, "url": page(tender)}
    return [
        {**own, "format": "text/html", "language": "fr"},
        *(_document(tender, document) for document in tender.documents.all()),
    ]


def _document(tender: Tender, document: TenderDocument) -> dict:
    return {
        "id": str(document.pk),
        "documentType": "biddingDocuments",
        "title": document.title,
        "url": settings.PUBLIC_URL + reverse("tenders:document", args=[tender.pk, document.pk]),
        "datePublished": max(document.added_at, tender.published_at),
        "format": document.content_type,
        "language": "fr",
    }
