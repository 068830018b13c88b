"""Reads of what follows the award: contracts, awards taken back, reasons asked, notices due."""

from django.db.models import Count, Q, QuerySet

from foundation.nested import with_rows
from tenders.enums import ContractState, PieceState
from tenders.models import Award, Contract, ReasonRequest, Tender


def contracts_of(tender: Tender) -> QuerySet[Contract]:
    """The contracts of a consultation, given up ones last, with the documents still missing."""
    left = Count("pieces", filter=~Q(pieces__state=PieceState.ACCEPTED))
    rows = Contract.objects.filter(award__lot__tender=tender).select_related("award__lot", "award__bidder")
    return rows.annotate(pieces_left=left).order_by("cancelled_at", "award__lot__number", "award__rank")


def reversed_awards(tender: Tender) -> QuerySet[Award]:
    """The awards that were taken back, with who and why."""
    rows = Award.every.filter(lot__tender=tender, reversed_at__isnull=False)
    return rows.select_related("lot", "bidder", "reversed_by").order_by("reversed_at")


def reason_requests(tender: Tender) -> QuerySet[ReasonRequest]:
    """The requests for reasons, the most urgent first, answered ones last."""
    rows = ReasonRequest.objects.filter(offer__bid__tender=tender).select_related(
        "offer__lot", "offer__bid__bidder"
    )
    return rows.order_by("answered_at", "due_date")


def notice_is_due(tender: Tender) -> bool:
    """Whether a signed contract waits for its award notice."""
    signed = [ContractState.SIGNED, ContractState.SERVED]
    return Contract.objects.filter(
        award__lot__tender=tender, state__in=signed, notice_sent_at__isnull=True
    ).exists()


def contracts_of_bid(bid) -> QuerySet[Contract]:
    """What a holder follows: its contracts with the documents asked and the signed acts."""
    rows = Contract.objects.filter(award__bid=bid).select_related("award__lot")
    return with_rows(rows, "pieces", "deeds").order_by("award__lot__number")
