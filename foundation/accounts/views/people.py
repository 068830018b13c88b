"""Pages on people: one's own profile, and every account for the platform administrator."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation import clock
from foundation.accounts import rules, selectors, services
from foundation.accounts.approvals import actions as approvals
from foundation.accounts.approvals import registry
from foundation.accounts.enums import JoinRequestState
from foundation.accounts.forms import ProfileForm, ReasonForm
from foundation.accounts.models import User
from foundation.journal.selectors import history
from foundation.screens.doors import submitted

PER_PAGE = 25


@login_required
@require_http_methods(["GET", "POST"])
def profile(request):
    """One's own name, roles, password and tokens."""
    form = ProfileForm(request.POST or None, initial={"full_name": request.user.full_name})
    if submitted(request, form, lambda data: services.user_rename(**data, by=request.user, at=clock.now())):
        messages.success(request, _("Votre nom est enregistré."))
        return redirect("accounts:profile")
    context = {
        "form": form,
        "memberships": request.user.memberships.select_related("organisation"),
        "awaited": registry.worded(selectors.roles_awaited(request.user)),
        "invitations": selectors.invitations_to_answer(request.user, clock.now()),
        "join_requests": request.user.join_requests.filter(state=JoinRequestState.PENDING).select_related(
            "organisation"
        ),
        "breadcrumbs": [(_("Accueil"), "/"), (_("Mon profil"), None)],
    }
    return render(request, "accounts/profile.html", context)


@login_required
@require_safe
def user_list(request):
    """Every account, for the platform administrator."""
    _check_manages_users(request.user)
    users = User.objects.annotate(roles=Count("memberships")).order_by("full_name", "pk")
    searched = request.GET.get("q", "").strip()
    if searched:
        users = users.filter(Q(full_name__icontains=searched) | Q(email__icontains=searched))
    context = {
        "page_obj": Paginator(users, PER_PAGE).get_page(request.GET.get("page")),
        "searched": searched,
        "breadcrumbs": [(_("Accueil"), "/"), (_("Personnes"), None)],
    }
    return render(request, "accounts/user_list.html", context)


@login_required
@require_safe
def user_detail(request, pk):
    """An account with its roles and its history, for the platform administrator."""
    return _user_page(request, pk, ReasonForm())


@login_required
@require_POST
def user_deactivate(request, pk):
    """Close an account, with the reason."""
    return _switch(request, pk, services.user_deactivate, _("Le compte est fermé."))


@login_required
@require_POST
def user_activate(request, pk):
    """Open an account again, with the reason; another administrator confirms it where there is one."""
    said = _("Le compte est rouvert.")
    if approvals.reopening_needs_second_person():
        said = _("La demande est faite : un autre administrateur de la plateforme doit la confirmer.")
    return _switch(request, pk, services.user_activate, said)


def _switch(request, pk, service, said):
    _check_manages_users(request.user)
    user = get_object_or_404(User, pk=pk)
    form = ReasonForm(request.POST)
    if submitted(request, form, lambda data: service(user=user, **data, by=request.user, at=clock.now())):
        messages.success(request, said)
        return redirect("accounts:user_detail", pk=pk)
    return _user_page(request, pk, form)


def _user_page(request, pk, form):
    _check_manages_users(request.user)
    user = get_object_or_404(User, pk=pk)
    context = {
        "person": user,
        "form": form,
        "memberships": user.memberships.select_related("organisation"),
        "history": history(user),
        "breadcrumbs": [
            (_("Accueil"), "/"),
            (_("Personnes"), reverse("accounts:user_list")),
            (str(user), None),
        ],
    }
    return render(request, "accounts/user_detail.html", context)


def _check_manages_users(user):
    if not rules.can_manage_users(user):
        raise Http404
