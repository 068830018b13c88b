"""Pages on the roles that one lends, or is lent."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation import clock
from foundation.accounts import rules, selectors, services
from foundation.accounts.forms import DelegationForm
from foundation.accounts.fresh import fresh_sign_in_required
from foundation.screens.doors import attempt, submitted

PER_PAGE = 25


@login_required
@require_safe
def delegation_list(request):
    """What one lends, what one is lent, and what is over."""
    at = clock.now()
    over = selectors.delegations_over(request.user, at)
    context = {
        "received": selectors.delegations_received(request.user, at),
        "given": selectors.delegations_given(request.user, at),
        "page_obj": Paginator(over, PER_PAGE).get_page(request.GET.get("page")),
        "can_give": rules.roles_to_lend(request.user).exists(),
        "now": at,
        "breadcrumbs": _trail(),
    }
    return render(request, "accounts/delegation_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@fresh_sign_in_required
def delegation_give(request):
    """Lend one or several of one's roles to a colleague, between two dates."""
    form = DelegationForm(request.POST or None, by=request.user, today=clock.now())
    given = submitted(
        request, form, lambda data: services.delegations_give(**data, by=request.user, at=clock.now())
    )
    if given:
        messages.success(
            request,
            _("%(person)s peut agir pour vous. Un message vous est envoyé à tous les deux.")
            % {"person": given[0].delegate},
        )
        return redirect("accounts:delegation_list")
    context = {"form": form, "breadcrumbs": _trail(_("Déléguer un rôle"))}
    return render(request, "accounts/delegation_give.html", context)


@login_required
@require_POST
def delegation_revoke(request, pk):
    """End a delegation at once."""
    delegation = get_object_or_404(rules.delegations_visible_to(request.user), pk=pk)
    attempt(
        request,
        lambda: services.delegation_revoke(delegation=delegation, by=request.user, at=clock.now()),
        _("La délégation est révoquée : elle n’ouvre plus aucun droit."),
    )
    if request.user.pk in (delegation.principal_id, delegation.delegate_id):
        return redirect("accounts:delegation_list")
    return redirect("accounts:organisation_detail", pk=delegation.organisation_id)


def _trail(title=None):
    trail = [(_("Accueil"), "/"), (_("Mon profil"), reverse("accounts:profile"))]
    if title is None:
        return [*trail, (_("Mes délégations"), None)]
    return [*trail, (_("Mes délégations"), reverse("accounts:delegation_list")), (title, None)]
