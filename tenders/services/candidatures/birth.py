"""At the opening, the sealed facts of a candidature become rows."""

from datetime import date
from decimal import Decimal

from tenders.enums import Grouping, PartKind
from tenders.models import (
    Bid,
    Candidature,
    CandidatureDocument,
    ConsortiumMember,
    OpenedFacts,
    PresentedSubcontractor,
)

FIRST_ROUND = 1
"""Candidatures come with the first answer; those of later rounds were examined before."""


def candidature_write(bid: Bid) -> Candidature | None:
    """The candidature of a bid that was just opened; empty when the envelope held none. None in a later round.

    Raises KeyError, TypeError or ValueError for facts that this platform would not have sealed.
    """
    if bid.round.number != FIRST_ROUND:
        return None
    told = OpenedFacts.objects.filter(part__bid=bid, part__kind=PartKind.CANDIDATURE).first()
    if told is None:
        return Candidature.objects.create(bid=bid, is_declared=False)
    facts = told.facts
    candidature = Candidature.objects.create(
        bid=bid,
        is_declared=bool(facts["is_declared"]),
        declared_by=facts["declared_by"],
        declared_quality=facts["declared_quality"],
        declared_text=facts["declared_text"],
        grouping=Grouping(facts["grouping"]),
        is_agent_jointly_liable=bool(facts["is_agent_jointly_liable"]),
        lot_numbers=facts["lot_numbers"],
        supplier_file=facts["supplier_file"],
    )
    _write_partners(candidature, facts)
    return candidature


def _write_partners(candidature: Candidature, facts: dict) -> None:
    ConsortiumMember.objects.bulk_create(
        ConsortiumMember(candidature=candidature, **one) for one in facts["members"]
    )
    PresentedSubcontractor.objects.bulk_create(
        PresentedSubcontractor(
            candidature=candidature,
            **{**one, "amount_excl_tax": Decimal(one["amount_excl_tax"]) if one["amount_excl_tax"] else None},
        )
        for one in facts["subcontractors"]
    )
    CandidatureDocument.objects.bulk_create(
        CandidatureDocument(
            candidature=candidature,
            part_id=one["part"],
            kind=one["kind"],
            title=one["title"],
            issuer=one["issuer"],
            expires_date=date.fromisoformat(one["expires_date"]) if one["expires_date"] else None,
        )
        for one in facts["documents"]
    )
