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
from foundation.accounts.approvals.forms import OpposeForm, RefuseForm
from foundation.accounts.approvals.workflow import APPROVAL
from foundation.accounts.enums import ApprovalState
from foundation.accounts.fresh import fresh_sign_in_required
from foundation.errors import Refusal
from foundation.screens.doors import submitted
from foundation.screens.templatetags.jalon import datetime_short

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
    return _page(request, _visible(request, pk))


@login_required
@require_POST
@fresh_sign_in_required
def approval_confirm(request, pk):
    """Confirm what was shown: its digest comes with the form."""
    approval = _decidable(request, pk)
    try:
        done = services.approval_confirm(
            approval=approval, digest=request.POST.get("digest", ""), by=request.user, at=clock.now()
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _said(done))
    return redirect(approval)


def _said(approval):
    if approval.state == ApprovalState.DELAYED:
        return _("C’est confirmé, et cela prendra effet le %(when)s si personne ne s’y oppose.") % {
            "when": datetime_short(approval.takes_effect_at)
        }
    return _("C’est confirmé et fait.")


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
    return _page(request, approval, form=form)


@login_required
@require_POST
def approval_oppose(request, pk):
    """Somebody of the house stops what people from outside ask, with the reason."""
    approval = _visible(request, pk)
    if not rules.can_oppose_approval(request.user, approval):
        raise Http404
    form = OpposeForm(request.POST)
    if submitted(
        request,
        form,
        lambda data: services.approval_oppose(approval=approval, **data, by=request.user, at=clock.now()),
    ):
        messages.success(request, _("La demande est arrêtée : le rôle n’est pas donné."))
        return redirect(approval)
    return _page(request, approval, opposition=form)


def _visible(request, pk):
    visible = rules.approvals_visible_to(request.user).select_related(*RELATED)
    return get_object_or_404(visible, pk=pk)


def _decidable(request, pk):
    approval = _visible(request, pk)
    if not rules.can_confirm_approval(request.user, approval):
        raise Http404
    return approval


def _page(request, approval, form=None, opposition=None):
    action = registry.find(approval.action)
    available = {one.name for one in APPROVAL.available(request.user, approval)}
    answers_first = rules.house_answers_first(request.user, approval)
    context = {
        "approval": approval,
        "label": action.label,
        "rows": list(action.describe(approval.facts)),
        "can_decide": "confirm" in available,
        "can_oppose": "oppose" in available,
        "not_before": approval.outside_from_at
        if answers_first and clock.now() < approval.outside_from_at
        else None,
        "confirmers": rules.confirmers_of(approval) if approval.state == "asked" else [],
        "form": form or RefuseForm(),
        "opposition": opposition or OpposeForm(auto_id="opposition_%s"),
        "breadcrumbs": [
            (_("Accueil"), "/"),
            (_("À confirmer"), reverse("approvals:list")),
            (approval.object_label, None),
        ],
    }
    return render(request, "accounts/approvals/detail.html", context)
