"""What came of it: how many bids, once they are opened; who holds, once it is decided."""

from django.db.models import Count

from tenders.enums import Technique
from tenders.models import Award, Tender
from tenders.ocds.competition import value
from tenders.ocds.parties import reference


def decided(tender: Tender) -> list[Award]:
    """Every award that was decided, those taken back since included: what was told once is never silently gone."""
    awards = Award.every.filter(lot__tender=tender, decided_at__isnull=False)
    return list(awards.select_related("bidder", "lot", "offer", "contract").order_by("lot__number", "pk"))


def statistics(tender: Tender) -> dict:
    """The number of bids of each lot: told once they are opened, never before."""
    if tender.opened_at is None:
        return {}
    lots = tender.lots.annotate(offer_count=Count("offers")).order_by("number")
    return {
        "statistics": [
            {
                "id": f"bids-{lot.number}",
                "measure": "bids",
                "value": lot.offer_count,
                "relatedLot": str(lot.number),
            }
            for lot in lots
        ]
    }


def awards(tender: Tender, decided: list[Award]) -> list[dict]:
    """One award for each holder of each lot. The amount of a framework agreement is its maximum, told with it."""
    return [
        {
            "id": award_id(tender, award),
            "title": award.lot.title,
            "description": award.reversal_reason,
            "status": "cancelled" if award.reversed_at else "active",
            "date": award.decided_at,
            "value": value(award.offer.total_excl_tax) if tender.technique == Technique.CONTRACT else {},
            "suppliers": [reference(award.bidder)],
            "relatedLots": [str(award.lot.number)],
        }
        for award in decided
    ]


def award_id(tender: Tender, award: Award) -> str:
    """The same for ever, also after another firm took the place."""
    return f"{tender.reference}-{award.pk}"


def contracts(tender: Tender, decided: list[Award]) -> list[dict]:
    """The contracts served on their holders."""
    served = [award for award in decided if getattr(award, "contract", None) and award.contract.served_at]
    return [
        {
            "id": f"{award_id(tender, award)}-C",
            "awardID": award_id(tender, award),
            "title": award.lot.title,
            "status": "active",
            "dateSigned": award.contract.signed_at,
        }
        for award in served
    ]
