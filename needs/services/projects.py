"""Open, describe, settle a purchase project."""

from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.errors import Refusal
from foundation.journal import services as journal
from needs import rules
from needs.enums import ProjectState, TeamRole
from needs.models import Brief, ProjectCounter, PurchaseProject, TeamMember
from needs.services.locking import locked_project, project_to_edit
from needs.workflow import PROJECT

PARIS = ZoneInfo("Europe/Paris")

DESCRIPTION_FIELDS = (
    "title",
    "origin",
    "policy_field",
    "current_investments",
    "planned_investments",
    "inspiring_projects",
)
BRIEF_FIELDS = (
    "problem",
    "users",
    "existing",
    "constraints",
    "budget_min_excl_tax",
    "budget_max_excl_tax",
    "phase",
    "market_dialogue",
)


@transaction.atomic
def project_create(*, organisation, by, at, **description) -> PurchaseProject:
    """Open a project (``description``: the fields of ``DESCRIPTION_FIELDS``); its author joins the team.

    Raises ``Refusal`` (forbidden) when ``by`` is neither buyer nor prescriber of the organisation.
    """
    if not rules.can_create_project(by, organisation):
        raise Refusal(
            _("Seuls les acheteurs et les prescripteurs d'une organisation ouvrent ses projets d'achat."),
            code="forbidden",
        )
    project = PurchaseProject(organisation=organisation, created_by=by, created_at=at, updated_at=at)
    _describe(project, description)
    project.reference = _next_reference(organisation, at)
    project.save(force_insert=True)
    Brief.objects.create(project=project, updated_at=at)
    role = TeamRole.BUYER if rules.can_settle_project(by, project) else TeamRole.PRESCRIBER
    TeamMember.objects.create(project=project, user=by, role=role, joined_at=at)
    journal.record(by=by, action="needs.project_create", obj=project, at=at, organisation=organisation)
    return project


@transaction.atomic
def project_update(*, project, by, at, **description) -> PurchaseProject:
    """Change the description of a project that is not closed."""
    project = project_to_edit(project, by=by)
    before = _values(project, DESCRIPTION_FIELDS)
    _describe(project, description)
    project.updated_at = at
    project.save()
    _record(project, "needs.project_update", by=by, at=at, before=before, fields=DESCRIPTION_FIELDS)
    return project


@transaction.atomic
def brief_write(*, project, by, at, **content) -> Brief:
    """Write the brief (``content``: the fields of ``BRIEF_FIELDS``); ``Refusal`` on a crossed budget."""
    project = project_to_edit(project, by=by)
    brief = Brief.objects.select_for_update(of=("self",)).get(project=project)
    before = _values(brief, BRIEF_FIELDS)
    for field in content.keys() & set(BRIEF_FIELDS):
        setattr(brief, field, content[field])
    _check_budget(brief)
    brief.updated_at = project.updated_at = at
    brief.save()
    project.save(update_fields=["updated_at"])
    after = _values(brief, BRIEF_FIELDS)
    journal.record(
        by=by,
        action="needs.brief_write",
        obj=project,
        at=at,
        before=before,
        after=after,
        organisation=project.organisation,
    )
    return brief


@transaction.atomic
def project_make_ready(*, project, by, at) -> PurchaseProject:
    """Declare the project ready: a consultation may be opened on it."""
    project = locked_project(project)
    PROJECT.apply(project, "make_ready", by=by, at=at)
    project.ready_at = project.updated_at = at
    project.save()
    _record(project, "needs.project_make_ready", by=by, at=at)
    return project


@transaction.atomic
def project_take_back(*, project, by, at) -> PurchaseProject:
    """Take a ready project back to preparation."""
    project = locked_project(project)
    PROJECT.apply(project, "take_back", by=by, at=at)
    project.ready_at = None
    project.updated_at = at
    project.save()
    _record(project, "needs.project_take_back", by=by, at=at)
    return project


@transaction.atomic
def project_close(*, project, reason, by, at) -> PurchaseProject:
    """Close the project for good; the reason is kept and shown."""
    if not reason.strip():
        raise Refusal(_("Dites pourquoi le projet est clos : le motif reste lisible."), field="reason")
    project = locked_project(project)
    PROJECT.apply(project, "close", by=by, at=at)
    project.closed_at = project.updated_at = at
    project.closing_reason = reason.strip()
    project.save()
    _record(project, "needs.project_close", by=by, at=at, reason=project.closing_reason)
    return project


def _describe(project, description) -> None:
    for field in description.keys() & set(DESCRIPTION_FIELDS):
        setattr(project, field, description[field])
    if not project.title.strip():
        raise Refusal(_("Donnez un intitulé au projet : c'est lui que l'on cherchera."), field="title")


def _check_budget(brief) -> None:
    low, high = brief.budget_min_excl_tax, brief.budget_max_excl_tax
    if low is not None and low < 0:
        raise Refusal(_("Le budget minimal ne peut pas être négatif."), field="budget_min_excl_tax")
    if low is not None and high is not None and high < low:
        raise Refusal(
            _("Le budget maximal est inférieur au budget minimal : corrigez l'un des deux montants."),
            field="budget_max_excl_tax",
        )


def _next_reference(organisation, at) -> str:
    year = at.astimezone(PARIS).year
    ProjectCounter.objects.get_or_create(organisation=organisation, year=year)
    counter = ProjectCounter.objects.select_for_update(of=("self",)).get(organisation=organisation, year=year)
    counter.last_number += 1
    counter.save(update_fields=["last_number"])
    return f"PA-{year}-{counter.last_number:04d}"


def _record(project, action, *, by, at, reason="", before=None, fields=()) -> None:
    after = _values(project, fields) if fields else {"state": str(ProjectState(project.state))}
    journal.record(
        by=by,
        action=action,
        obj=project,
        at=at,
        reason=reason,
        before=before,
        after=after,
        organisation=project.organisation,
    )


def _values(row, fields) -> dict:
    values = {field: getattr(row, field) for field in fields}
    return {field: value if value is None else str(value) for field, value in values.items()}
