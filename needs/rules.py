"""Who may see or do what on a purchase project."""

from django.db.models import Q, QuerySet

from foundation.accounts.enums import OrganisationKind, Role
from foundation.accounts.models import Organisation
from foundation.accounts.selectors import (
    has_role,
    holds,
    lent_inside,
    organisation_ids,
    organisations_of,
    roles_held,
)
from needs.enums import ProjectState
from needs.models import PurchaseProject, TeamMember

PROJECT_ITSELF = {"needs.PurchaseProject": ("pk", "organisation_id")}
TEAM_ROLES = (Role.BUYER, Role.PRESCRIBER, Role.PRODUCT_OWNER, Role.ELECTED, Role.RESERVIST)


def organisations_for_new_project(user) -> QuerySet[Organisation]:
    """Buyers and prescribers open projects, for their own organisation."""
    return organisations_of(user, Role.BUYER, Role.PRESCRIBER)


def opens_projects(user) -> bool:
    """Buyers and prescribers, wherever they are."""
    return holds(user, Role.BUYER, Role.PRESCRIBER)


def can_create_project(user, organisation) -> bool:
    """Buyers and prescribers of the organisation open its projects."""
    return has_role(user, organisation, Role.BUYER, Role.PRESCRIBER)


def projects_visible_to(user) -> QuerySet[PurchaseProject]:
    """The team of a project reads it; so do the buyers and auditors of its organisation, and who buys for it only;
    nobody else.
    """
    if not user.is_authenticated:
        return PurchaseProject.objects.none()
    readers = organisation_ids(user, Role.BUYER, Role.AUDITOR)
    teams = TeamMember.objects.filter(user=user).values("project_id")
    lent = lent_inside(user, PROJECT_ITSELF, Role.BUYER)
    return PurchaseProject.objects.filter(Q(organisation_id__in=readers) | Q(pk__in=teams) | lent)


def is_called_to_teams(user) -> bool:
    """Buyers, prescribers, product owners, elected officials and reservists make the teams; auditors read all."""
    return holds(user, *TEAM_ROLES, Role.AUDITOR)


def follows_projects(user) -> bool:
    """Everyone who has a role in an administration finds projects in the menu; teams are made of them above all.

    Asks the database nothing: the menu is on every page.
    """
    return any(one.organisation_kind == OrganisationKind.BUYER for one in roles_held(user))


def can_view_project(user, project) -> bool:
    """The team, the buyers and the auditors of the organisation read the project."""
    return _is_of_team(user, project) or has_role(
        user, project.organisation_id, Role.BUYER, Role.AUDITOR, about=project
    )


def can_edit_project(user, project) -> bool:
    """The team and the buyers of the organisation write it, until it is closed."""
    return project.state != ProjectState.CLOSED and can_contribute_project(user, project)


def can_contribute_project(user, project) -> bool:
    """The team and the buyers of the organisation contribute to the project, whatever its state."""
    return _is_of_team(user, project) or has_role(user, project.organisation_id, Role.BUYER, about=project)


def can_settle_project(user, project) -> bool:
    """Only the buyers of the organisation declare a project ready, take it back or close it."""
    return has_role(user, project.organisation_id, Role.BUYER, about=project)


def _is_of_team(user, project) -> bool:
    if not user.is_authenticated:
        return False
    return any(member.user_id == user.pk for member in project.members.all())
