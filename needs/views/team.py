"""Team and strategy of a project."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from foundation.clock import now
from foundation.screens.doors import attempt, submitted
from needs import services
from needs.forms import MemberForm, StrategyLineForm
from needs.services.strategy import LINE_FIELDS
from needs.views.doors import editable_project, project_crumbs


@login_required
def member_add(request, pk):
    """Bring somebody into the team."""
    project = editable_project(request, pk)
    form = MemberForm(request.POST or None)
    saved = submitted(
        request, form, lambda data: services.member_add(project=project, **data, by=request.user, at=now())
    )
    if saved:
        messages.success(
            request, _("%(name)s fait maintenant partie de l'équipe.") % {"name": saved.user.full_name}
        )
        return redirect("needs:detail", pk=project.pk)
    context = {"form": form, "project": project, "breadcrumbs": project_crumbs(_("Équipe"), project)}
    return render(request, "needs/member_form.html", context)


@login_required
@require_POST
def member_remove(request, pk, member_pk):
    """Take somebody out of the team."""
    project = editable_project(request, pk)
    member = get_object_or_404(project.members.select_related("user", "project"), pk=member_pk)
    done = _("%(name)s ne fait plus partie de l'équipe.") % {"name": member.user.full_name}
    return _removed(
        request, project, lambda: services.member_remove(member=member, by=request.user, at=now()), done
    )


@login_required
def line_add(request, pk):
    """Add a line to the strategy."""
    project = editable_project(request, pk)
    form = StrategyLineForm(request.POST or None)
    return _line_page(
        request,
        project,
        form,
        lambda data: services.strategy_line_add(project=project, **data, by=request.user, at=now()),
    )


@login_required
def line_update(request, pk, line_pk):
    """Change a line of the strategy."""
    project = editable_project(request, pk)
    line = get_object_or_404(project.strategy_lines, pk=line_pk)
    form = StrategyLineForm(
        request.POST or None, initial={field: getattr(line, field) for field in LINE_FIELDS}
    )
    return _line_page(
        request,
        project,
        form,
        lambda data: services.strategy_line_update(line=line, **data, by=request.user, at=now()),
    )


@login_required
@require_POST
def line_remove(request, pk, line_pk):
    """Remove a line of the strategy."""
    project = editable_project(request, pk)
    line = get_object_or_404(project.strategy_lines.select_related("project"), pk=line_pk)
    done = _("La ligne « %(title)s » est retirée.") % {"title": line.title}
    return _removed(
        request, project, lambda: services.strategy_line_remove(line=line, by=request.user, at=now()), done
    )


def _line_page(request, project, form, call):
    if submitted(request, form, call):
        messages.success(request, _("La ligne de stratégie est enregistrée."))
        return redirect("needs:detail", pk=project.pk)
    context = {
        "form": form,
        "project": project,
        "breadcrumbs": project_crumbs(_("Ligne de stratégie"), project),
    }
    return render(request, "needs/line_form.html", context)


def _removed(request, project, remove, done):
    attempt(request, remove, done)
    return redirect("needs:detail", pk=project.pk)
