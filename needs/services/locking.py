"""How every write of this app takes a project: locked, and only for those who may write it."""

from django.utils.translation import gettext as _

from foundation.errors import Refusal
from needs import rules
from needs.enums import ProjectState
from needs.models import PurchaseProject


def locked_project(project) -> PurchaseProject:
    """The project's row, locked until the end of the transaction."""
    rows = PurchaseProject.objects.select_related("organisation").select_for_update(of=("self",))
    return rows.get(pk=project.pk)


def project_to_edit(project, *, by) -> PurchaseProject:
    """The locked project, if ``by`` may write it; raises ``Refusal`` (forbidden, conflict) otherwise."""
    project = locked_project(project)
    if not rules.can_contribute_project(by, project):
        raise Refusal(
            _("Seuls l'équipe du projet et les acheteurs de l'organisation peuvent le modifier."),
            code="forbidden",
        )
    if project.state == ProjectState.CLOSED:
        raise Refusal(_("Ce projet est clos : il se lit, il ne se modifie plus."), code="conflict")
    return project
