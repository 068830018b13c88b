"""Register another firm, or ask to join one; its administrators answer."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from foundation import clock
from foundation.accounts import rules, services
from foundation.accounts.enums import JoinRequestState, Role
from foundation.accounts.forms import FirmForm, RolesForm
from foundation.accounts.fresh import fresh_sign_in_required
from foundation.accounts.models import Organisation
from foundation.accounts.selectors import roles_awaited
from foundation.accounts.views.organisations import organisations_trail
from foundation.screens.doors import attempt, submitted


@login_required
@require_http_methods(["GET", "POST"])
def firm_enter(request):
    """Register a firm with its SIRET; when it is known, ask its administrators."""
    form = FirmForm(request.POST or None)
    outcome = submitted(
        request, form, lambda data: services.firm_enter(**data, by=request.user, at=clock.now())
    )
    if isinstance(outcome, Organisation):
        messages.success(request, _("%(firm)s est inscrite ; vous l’administrez.") % {"firm": outcome})
        return redirect("accounts:organisation_detail", pk=outcome.pk)
    if outcome:
        messages.success(request, _("Votre demande est transmise aux administrateurs de l’entreprise."))
        return redirect("accounts:profile")
    context = {
        "form": form,
        "breadcrumbs": [
            (_("Accueil"), "/"),
            (_("Mon profil"), reverse("accounts:profile")),
            (_("Inscrire ou rejoindre une entreprise"), None),
        ],
    }
    return render(request, "accounts/firm_enter.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@fresh_sign_in_required
def join_request_accept(request, pk):
    """Let the person in, with the roles chosen."""
    asked = _to_decide(request.user, pk)
    form = RolesForm(
        request.POST or None,
        organisation=asked.organisation,
        by=request.user,
        initial={"roles": [Role.SUPPLIER.value]},
    )
    done = submitted(
        request,
        form,
        lambda data: services.join_request_accept(
            join_request=asked, **data, by=request.user, at=clock.now()
        ),
    )
    if done:
        messages.success(request, _answered(asked))
        return redirect("accounts:organisation_detail", pk=asked.organisation_id)
    context = {
        "form": form,
        "asked": asked,
        "breadcrumbs": organisations_trail(_("Demande de rattachement"), asked.organisation),
    }
    return render(request, "accounts/join_request_accept.html", context)


def _answered(asked):
    if roles_awaited(asked.user).filter(organisation=asked.organisation).exists():
        return _("La demande est acceptée ; une seconde personne doit confirmer un rôle de %(person)s.") % {
            "person": asked.user
        }
    return _("%(person)s est membre de l’organisation.") % {"person": asked.user}


@login_required
@require_POST
def join_request_refuse(request, pk):
    """Do not let the person in."""
    asked = _to_decide(request.user, pk)
    attempt(
        request,
        lambda: services.join_request_refuse(join_request=asked, by=request.user, at=clock.now()),
        _("La demande est refusée ; la personne en est prévenue."),
    )
    return redirect("accounts:organisation_detail", pk=asked.organisation_id)


@login_required
@require_POST
def join_request_withdraw(request, pk):
    """Ask no longer."""
    asked = get_object_or_404(rules.join_requests_visible_to(request.user), pk=pk)
    if not rules.can_withdraw_join_request(request.user, asked):
        raise Http404
    attempt(
        request,
        lambda: services.join_request_withdraw(join_request=asked, by=request.user, at=clock.now()),
        _("Votre demande est retirée."),
    )
    return redirect("accounts:profile")


def _to_decide(user, pk):
    rows = rules.join_requests_visible_to(user).select_related("organisation", "user")
    asked = get_object_or_404(rows, pk=pk)
    if not rules.can_decide_join_request(user, asked) or asked.state != JoinRequestState.PENDING:
        raise Http404
    return asked
