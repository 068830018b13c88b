"""List, page, presentation, brief and settling of a project."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation.accounts.selectors import narrowed_to_house
from foundation.clock import now
from foundation.journal.selectors import history
from foundation.screens.doors import attempt, submitted
from foundation.screens.steps import purchase_steps
from needs import registry, rules, selectors, services
from needs.forms import BriefForm, ClosingForm, NewProjectForm, ProjectForm, ProjectSearchForm
from needs.services.projects import BRIEF_FIELDS, DESCRIPTION_FIELDS
from needs.views.doors import editable_project, project_crumbs, visible_project
from needs.workflow import PROJECT

PAGE_SIZE = 20


@login_required
@require_safe
def project_list(request):
    """The projects this person may see."""
    form = ProjectSearchForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = selectors.projects_found(
        narrowed_to_house(request.user), words=wanted.get("q", ""), state=wanted.get("state", "")
    )
    context = {
        "form": form,
        "page_obj": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "is_filtered": bool(wanted.get("q") or wanted.get("state")),
        "may_create": rules.opens_projects(request.user),
        "breadcrumbs": [(_("Projets d'achat"), None)],
    }
    return render(request, "needs/project_list.html", context)


@login_required
def project_create(request):
    """Open a project."""
    organisations = rules.organisations_for_new_project(request.user)
    if not rules.opens_projects(request.user):
        raise Http404
    form = NewProjectForm(
        request.POST or None, organisations=organisations, initial={"organisation": organisations.first()}
    )
    project = submitted(
        request, form, lambda data: services.project_create(**data, by=request.user, at=now())
    )
    if project:
        messages.success(
            request,
            _("Le projet %(reference)s est ouvert. Décrivez maintenant le besoin.")
            % {"reference": project.reference},
        )
        return redirect("needs:brief", pk=project.pk)
    context = {"form": form, "breadcrumbs": project_crumbs(_("Nouveau projet"))}
    return render(request, "needs/project_form.html", context)


@login_required
@require_safe
def project_detail(request, pk):
    """Everything about one project."""
    project = get_object_or_404(selectors.project_detail(request.user), pk=pk)
    context = {
        "project": project,
        "brief": project.brief,
        "lines": project.strategy_lines.all(),
        "members": project.members.all(),
        "quality": selectors.brief_quality(project.brief),
        "transitions": PROJECT.available(request.user, project),
        "actions": registry.actions_for(request.user, project),
        "sections": registry.sections_for(request.user, project),
        "can_edit": rules.can_edit_project(request.user, project),
        "history": history(project),
        "steps": purchase_steps(current="needs"),
        "breadcrumbs": [*project_crumbs(), (project.reference, None)],
    }
    return render(request, "needs/project_detail.html", context)


@login_required
def project_update(request, pk):
    """Change the presentation."""
    project = editable_project(request, pk)
    initial = {field: getattr(project, field) for field in DESCRIPTION_FIELDS}
    form = ProjectForm(request.POST or None, initial=initial)
    saved = submitted(
        request,
        form,
        lambda data: services.project_update(project=project, **data, by=request.user, at=now()),
    )
    if saved:
        messages.success(request, _("La présentation du projet est enregistrée."))
        return redirect("needs:detail", pk=project.pk)
    context = {"form": form, "project": project, "breadcrumbs": project_crumbs(_("Présentation"), project)}
    return render(request, "needs/project_form.html", context)


@login_required
def brief_write(request, pk):
    """Write the need, with the quality check beside."""
    project = editable_project(request, pk)
    initial = {field: getattr(project.brief, field) for field in BRIEF_FIELDS}
    form = BriefForm(request.POST or None, initial=initial)
    saved = submitted(
        request, form, lambda data: services.brief_write(project=project, **data, by=request.user, at=now())
    )
    if saved:
        messages.success(request, _("L'expression du besoin est enregistrée."))
        return redirect("needs:detail", pk=project.pk)
    context = {
        "form": form,
        "project": project,
        "quality": selectors.brief_quality(project.brief),
        "steps": purchase_steps(current="needs"),
        "breadcrumbs": project_crumbs(_("Expression du besoin"), project),
    }
    return render(request, "needs/brief_form.html", context)


@login_required
@require_POST
def project_make_ready(request, pk):
    """Declare the project ready."""
    return _settle(
        request, pk, services.project_make_ready, _("Le projet est prêt : une consultation peut s'ouvrir.")
    )


@login_required
@require_POST
def project_take_back(request, pk):
    """Take the project back to preparation."""
    return _settle(request, pk, services.project_take_back, _("Le projet est de nouveau en préparation."))


@login_required
def project_close(request, pk):
    """Close the project, with a reason."""
    project = _settleable_project(request, pk)
    form = ClosingForm(request.POST or None)
    saved = submitted(
        request, form, lambda data: services.project_close(project=project, **data, by=request.user, at=now())
    )
    if saved:
        messages.success(request, _("Le projet est clos."))
        return redirect("needs:detail", pk=project.pk)
    context = {"form": form, "project": project, "breadcrumbs": project_crumbs(_("Clore le projet"), project)}
    return render(request, "needs/project_close.html", context)


def _settleable_project(request, pk):
    project = visible_project(request, pk)
    if not rules.can_settle_project(request.user, project):
        raise Http404
    return project


def _settle(request, pk, service, done):
    project = _settleable_project(request, pk)
    attempt(request, lambda: service(project=project, by=request.user, at=now()), done)
    return redirect("needs:detail", pk=project.pk)
