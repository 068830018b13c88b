"""How every page of this app finds its project, and the path that leads to it."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from needs import rules, selectors


def visible_project(request, pk):
    """The project, or 404 for who may not see it."""
    return get_object_or_404(selectors.project_detail(request.user), pk=pk)


def editable_project(request, pk):
    """The project, or 404 for who may not write it or when it is closed."""
    project = visible_project(request, pk)
    if not rules.can_edit_project(request.user, project):
        raise Http404
    return project


def project_crumbs(here="", project=None):
    """The breadcrumbs of a page under the list, and under a project when there is one."""
    crumbs = [(_("Projets d'achat"), reverse("needs:list"))]
    if project:
        crumbs.append((project.reference, reverse("needs:detail", args=[project.pk])))
    return [*crumbs, (here, None)] if here else crumbs
