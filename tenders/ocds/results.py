"""What came of it: how many bids, once they are opened; who holds, once it is decided."""

from django.db.models import Count

from tenders import selectors
from tenders.enums import Technique
from tenders.models import Award, Tender
from tenders.ocds.competition import value
from tenders.ocds.parties import reference


def decided(tender: Tender) -> list[Award]:
    """The final awards; none before the decision."""
    return list(selectors.decided_awards(tender)) if tender.awarded_at else []


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
            "id": f"{tender.reference}-{award.lot.number}-{award.rank}",
            "title": award.lot.title,
            "status": "active",
            "date": award.decided_at,
            "value": value(award.offer.total_excl_tax) if tender.technique == Technique.CONTRACT else {},
            "suppliers": [reference(award.bidder)],
            "relatedLots": [str(award.lot.number)],
        }
        for award in decided
    ]
