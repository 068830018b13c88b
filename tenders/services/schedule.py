"""The dates that the buyer announces to bidders for the stages to come."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.errors import Refusal
from foundation.journal import services as journal
from tenders import rules
from tenders.models import PlannedStage, Tender
from tenders.services.locking import locked_tender


@transaction.atomic
def stages_plan(*, tender: Tender, dates: dict, by, at) -> list[PlannedStage]:
    """Announce when each stage is expected: Stage → date, None takes the date away. Raises Refusal."""
    tender = locked_tender(tender)
    if not rules.can_plan_stages(by, tender):
        raise Refusal(_("Seuls les acheteurs annoncent le calendrier."), code="forbidden")
    before = {row.stage: row.planned_date.isoformat() for row in tender.planned_stages.all()}
    ordered = [day for day in dates.values() if day]
    if ordered != sorted(ordered):
        raise Refusal(_("Les étapes se suivent : une date ne précède pas celle de l'étape d'avant."))
    tender.planned_stages.all().delete()
    rows = PlannedStage.objects.bulk_create(
        PlannedStage(tender=tender, stage=stage, planned_date=day) for stage, day in dates.items() if day
    )
    after = {row.stage: row.planned_date.isoformat() for row in rows}
    journal.record(
        by=by,
        action="tenders.stages_plan",
        obj=tender,
        at=at,
        before=before,
        after=after,
        organisation=tender.buyer,
    )
    return rows


@transaction.atomic
def file_export(*, tender: Tender, files: int, by, at) -> None:
    """Keep in the journal who took the whole file away, and how many files it had. Raises Refusal."""
    if not rules.can_export_procedure(by, tender):
        raise Refusal(
            _("Ce dossier ne s'exporte qu'après l'ouverture, par ceux qui en répondent."), code="forbidden"
        )
    journal.record(
        by=by,
        action="tenders.file_export",
        obj=tender,
        at=at,
        after={"files": files},
        organisation=tender.buyer,
    )
