"""« À confirmer »: what waits for a second person."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation import clock
from foundation.accounts.approvals import registry, rules, services
from foundation.accounts.approvals.forms import RefuseForm
from foundation.accounts.approvals.workflow import APPROVAL
from foundation.accounts.fresh import fresh_sign_in_required
from foundation.screens.doors import attempt, submitted

PER_PAGE = 25
RELATED = ("asked_by", "asked_for", "decided_by", "organisation")


@login_required
@require_safe
def approval_list(request):
    """What I may confirm, then everything I asked or may see, the last first."""
    waiting = rules.approvals_waiting_for(request.user).select_related(*RELATED)[:PER_PAGE]
    others = rules.approvals_visible_to(request.user).select_related(*RELATED).order_by("-asked_at", "-pk")
    page = Paginator(others, PER_PAGE).get_page(request.GET.get("page"))
    registry.worded(page.object_list)
    context = {
        "waiting": registry.worded([one for one in waiting if rules.can_confirm_approval(request.user, one)]),
        "page_obj": page,
        "breadcrumbs": [(_("Accueil"), "/"), (_("À confirmer"), None)],
    }
    return render(request, "accounts/approvals/list.html", context)


@login_required
@require_safe
def approval_detail(request, pk):
    """Exactly what is asked, and who asks; the buttons for whoever may decide."""
    return _page(request, _visible(request, pk), RefuseForm())


@login_required
@require_POST
@fresh_sign_in_required
def approval_confirm(request, pk):
    """Confirm what was shown: its digest comes with the form."""
    approval = _decidable(request, pk)
    attempt(
        request,
        lambda: services.approval_confirm(
            approval=approval, digest=request.POST.get("digest", ""), by=request.user, at=clock.now()
        ),
        _("C’est confirmé et fait."),
    )
    return redirect(approval)


@login_required
@require_POST
def approval_refuse(request, pk):
    """Refuse, with the reason."""
    approval = _decidable(request, pk)
    form = RefuseForm(request.POST)
    if submitted(
        request,
        form,
        lambda data: services.approval_refuse(approval=approval, **data, by=request.user, at=clock.now()),
    ):
        messages.success(request, _("La demande est refusée."))
        return redirect(approval)
    return _page(request, approval, form)


def _visible(request, pk):
    visible = rules.approvals_visible_to(request.user).select_related(*RELATED)
    return get_object_or_404(visible, pk=pk)


def _decidable(request, pk):
    approval = _visible(request, pk)
    if not rules.can_confirm_approval(request.user, approval):
        raise Http404
    return approval


def _page(request, approval, form):
    action = registry.find(approval.action)
    context = {
        "approval": approval,
        "label": action.label,
        "rows": list(action.describe(approval.facts)),
        "can_decide": bool(APPROVAL.available(request.user, approval)),
        "confirmers": rules.confirmers_of(approval) if approval.state == "asked" else [],
        "form": form,
        "breadcrumbs": [
            (_("Accueil"), "/"),
            (_("À confirmer"), reverse("approvals:list")),
            (approval.object_label, None),
        ],
    }
    return render(request, "accounts/approvals/detail.html", context)
