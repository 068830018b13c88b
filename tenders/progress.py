"""Where a consultation stands, as every bidder may know it: stages, dates announced, dates reached. Nothing more."""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from foundation.nested import with_rows
from tenders import legal
from tenders.enums import Stage, TenderState
from tenders.models import Candidature, Contract, Negotiation, Tender


@dataclass(frozen=True)
class Step:
    """A stage with when it was reached (None before), and the date announced for it."""

    label: str
    reached_at: datetime | None
    planned_date: date | None = None
    is_current: bool = False

    @property
    def status(self) -> str:
        """done, current or next, for the drawing."""
        return "done" if self.reached_at else ("current" if self.is_current else "next")


def stages_of(tender: Tender) -> list[Stage]:
    """The stages that this procedure has: those whose date a buyer may announce."""
    negotiates = legal.PROCEDURES[tender.procedure].negotiates
    return [stage for stage in Stage if negotiates or stage != Stage.NEGOTIATION]


def progress(tender: Tender, at: datetime) -> list[Step]:
    """The course of a consultation from its publication, the first stage not reached being the current one."""
    published = Step(_("Publiée"), tender.published_at)
    if tender.state == TenderState.CANCELLED:
        return [published, Step(_("Sans suite"), tender.cancelled_at)]
    course = _course(tender)
    reached = _reached(tender, course)
    planned = {row.stage: row.planned_date for row in course.planned_stages.all()}
    rounds = [
        Step(_("Réponses closes : %(kind)s") % {"kind": str(one.get_kind_display()).lower()}, one.due_at)
        if one.due_at <= at
        else Step(
            _("Réponses attendues : %(kind)s") % {"kind": str(one.get_kind_display()).lower()},
            None,
            one.due_at.astimezone(legal.PARIS).date(),
        )
        for one in course.rounds.all()
    ]
    stages = [
        Step(str(stage.label), reached.get(stage), planned.get(stage))
        for stage in stages_of(tender)
        if reached.get(stage) or planned.get(stage) or stage not in (Stage.NEGOTIATION, Stage.CANDIDATURES)
    ]
    return _with_current([published, *rounds, *stages])


def _with_current(steps: list[Step]) -> list[Step]:
    """What was reached in the order of the facts (a procedure may have three rounds), then what is to come."""
    steps = sorted(steps, key=lambda step: step.reached_at.timestamp() if step.reached_at else float("inf"))
    first = next((place for place, step in enumerate(steps) if not step.reached_at), None)
    return [
        Step(step.label, step.reached_at, step.planned_date, is_current=place == first)
        for place, step in enumerate(steps)
    ]


def _course(tender: Tender) -> Tender:
    """The row of a consultation with its rounds, the stages announced and the instants of what follows: one query."""
    closed = Negotiation.objects.filter(lot__tender=OuterRef("pk")).order_by("-closed_at").values("closed_at")
    signed = Contract.objects.filter(award__lot__tender=OuterRef("pk"), signed_at__isnull=False)
    decided = Candidature.objects.filter(bid__tender=OuterRef("pk")).order_by("pk").values("decided_at")
    rows = Tender.objects.filter(pk=tender.pk).only("pk").order_by()
    return (
        with_rows(rows, "rounds", "planned_stages")
        .annotate(
            negotiation_closed_at=Subquery(closed.filter(closed_at__isnull=False)[:1]),
            first_signed_at=Subquery(signed.order_by("signed_at").values("signed_at")[:1]),
            candidatures_decided_at=ArraySubquery(decided),
        )
        .get()
    )


def _candidatures_examined_at(course: Tender) -> datetime | None:
    """When the last candidature was decided; None while one is not, or without any."""
    decided = course.candidatures_decided_at
    return max(decided) if decided and all(decided) else None


def _reached(tender: Tender, course: Tender) -> dict[str, datetime | None]:
    """What happened; each fact is one that the buyer has told all bidders."""
    return {
        Stage.OPENING: tender.opened_at,
        Stage.CANDIDATURES: _candidatures_examined_at(course),
        Stage.NEGOTIATION: course.negotiation_closed_at,
        Stage.ANALYSIS: tender.awarded_at,
        Stage.DECISION: tender.awarded_at,
        Stage.SIGNATURE: course.first_signed_at,
    }
