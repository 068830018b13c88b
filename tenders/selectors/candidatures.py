"""Reads of candidatures: what each holds, what misses, what was asked and answered."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Prefetch, QuerySet

from foundation.files.enums import Verdict
from foundation.files.selectors import inspections_of
from tenders import legal, rules
from tenders.enums import CandidatureState, Grouping, PartKind, Piece, RoundKind
from tenders.legal import PARIS
from tenders.legal import candidatures as law
from tenders.models import Bid, Candidature, ComplementItem, ComplementRequest, SealedPart, Tender

INSURANCE = "liability"
"""The kind of paper that shows an insurance, as `concierge` names it."""


@dataclass(frozen=True)
class PieceCheck:
    """One piece of a candidature: there from the start, completed since, or missing."""

    piece: str
    is_there: bool
    was_completed: bool

    @property
    def label(self) -> str:
        """Its name."""
        return Piece(self.piece).label

    @property
    def is_missing(self) -> bool:
        """Neither there, nor completed."""
        return not self.is_there and not self.was_completed

    @property
    def article(self) -> str:
        """The article it comes from."""
        return law.PIECE_ARTICLES[self.piece].cited


@dataclass(frozen=True)
class CandidatureRow:
    """A candidature as its examiner reads it. `put_aside`: files that hurt, never handed over. `elsewhere`: firms
    that another candidature names too.
    """

    candidature: Candidature
    checks: list[PieceCheck]
    put_aside: list[tuple] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    @property
    def missing(self) -> list[PieceCheck]:
        """What may be asked to complete."""
        return [check for check in self.checks if check.is_missing]


def candidatures_of(tender: Tender) -> QuerySet[Candidature]:
    """The candidatures of a consultation with all they hold; the same number of queries whatever their number."""
    files = SealedPart.objects.filter(kind=PartKind.FILE).select_related("opened")
    asked = ComplementItem.objects.select_related("request").prefetch_related("answers")
    return (
        Candidature.objects.filter(bid__tender=tender)
        .select_related("bid__bidder", "bid__tender__buyer", "decided_by")
        .prefetch_related(
            "members",
            "subcontractors",
            "documents__part",
            Prefetch("bid__parts", files, to_attr="files"),
            Prefetch("asked", asked),
        )
        .order_by("bid__deposited_at", "pk")
    )


def candidature_table(tender: Tender, at) -> list[CandidatureRow]:
    """Each candidature with what misses, what hurts, and who is named twice."""
    found = list(candidatures_of(tender))
    inspections = inspections_of([part for one in found for part in one.bid.files])
    named = _named(found)
    return [
        CandidatureRow(
            candidature=one,
            checks=_checks(one, at.astimezone(PARIS).date(), inspections),
            put_aside=_put_aside(one, inspections),
            elsewhere=sorted(named[siret] for siret in _sirets(one) if siret in named),
        )
        for one in found
    ]


def _sirets(candidature: Candidature) -> dict[str, str]:
    """The firms that answer together: SIRET and name."""
    bidder = candidature.bid.bidder
    return {bidder.siret: bidder.name, **{one.siret: one.name for one in candidature.members.all()}}


def _named(found: list[Candidature]) -> dict[str, str]:
    """Firms that two candidatures name: SIRET and name."""
    seen: dict[str, list[str]] = defaultdict(list)
    for candidature in found:
        for siret, name in _sirets(candidature).items():
            seen[siret].append(name)
    return {siret: names[0] for siret, names in seen.items() if len(names) > 1}


def _checks(candidature: Candidature, today: date, inspections: dict) -> list[PieceCheck]:
    file = candidature.supplier_file
    there = {
        Piece.DECLARATION: candidature.is_declared,
        Piece.TURNOVER: bool(file.get("figures")),
        Piece.REFERENCES: bool(file.get("references") or file.get("capacities")),
        Piece.INSURANCE: any(_is_good(one, today, inspections) for one in candidature.documents.all()),
    }
    if candidature.grouping != Grouping.ALONE:
        there[Piece.MEMBERS] = bool(candidature.members.all())
    if candidature.subcontractors.all():
        there[Piece.SUBCONTRACTORS] = True
    completed = {item.piece for item in candidature.asked.all() if item.answers.all()}
    return [PieceCheck(piece, is_there, piece in completed) for piece, is_there in there.items()]


def _is_good(document, today: date, inspections: dict) -> bool:
    """An insurance that has not ended, in a file that may be read."""
    if document.kind != INSURANCE or (document.expires_date and document.expires_date < today):
        return False
    inspection = inspections.get(str(document.part_id))
    return inspection is None or inspection.verdict != Verdict.DANGEROUS


def _put_aside(candidature: Candidature, inspections: dict) -> list[tuple]:
    found = [(part, inspections.get(str(part.pk))) for part in candidature.bid.files]
    return [(part, said) for part, said in found if said and said.verdict == Verdict.DANGEROUS]


def admitted_candidatures(tender: Tender) -> QuerySet[Candidature]:
    """The admitted list, once it is closed; empty before."""
    return candidatures_of(tender).filter(state=CandidatureState.ADMITTED, settled_at__isnull=False)


def awaits_offers(tender: Tender) -> bool:
    """Whether the consultation receives offers in a second step, and stands between the two."""
    is_two_steps = legal.PROCEDURES[tender.procedure].selects_candidates
    return is_two_steps and not tender.rounds.exclude(kind=RoundKind.CANDIDATURE).exists()


def complements_for(user, bid: Bid) -> QuerySet[ComplementRequest]:
    """What was asked on a bid, with its items and answers, for its bidder."""
    items = ComplementItem.objects.filter(candidature__bid=bid).prefetch_related("answers__sent_by")
    own = ComplementRequest.objects.filter(items__candidature__in=rules.candidatures_visible_to(user))
    return (
        own.filter(items__candidature__bid=bid)
        .distinct()
        .prefetch_related(Prefetch("items", items.select_related("candidature"), to_attr="own_items"))
    )
