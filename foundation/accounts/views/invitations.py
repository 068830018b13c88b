"""Invitations: sent by the administrators of an organisation, answered by whoever holds the address."""

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from foundation import clock
from foundation.accounts import invitations, rules, selectors, services
from foundation.accounts.forms import InvitationForm, NewAccountForm
from foundation.accounts.fresh import fresh_sign_in_required
from foundation.accounts.views.organisations import managed_organisation, organisations_trail
from foundation.errors import Refusal
from foundation.screens.doors import attempt, submitted
from foundation.screens.templatetags.jalon import date_short


@login_required
@require_http_methods(["GET", "POST"])
@fresh_sign_in_required
def invitation_send(request, pk):
    """Offer roles in the organisation to an address."""
    organisation = managed_organisation(request.user, pk)
    form = InvitationForm(request.POST or None, organisation=organisation, by=request.user)
    sent = submitted(
        request,
        form,
        lambda data: services.invitation_send(
            organisation=organisation, **data, by=request.user, at=clock.now()
        ),
    )
    if sent:
        return _posted(request, *sent)
    context = {
        "form": form,
        "organisation": organisation,
        "breadcrumbs": organisations_trail(_("Inviter une personne"), organisation),
    }
    return render(request, "accounts/invitation_send.html", context)


@login_required
@require_POST
@fresh_sign_in_required
def invitation_send_again(request, pk):
    """A new link, the former one being lost or expired."""
    invitation = _managed(request.user, pk)
    try:
        return _posted(
            request, *services.invitation_send_again(invitation=invitation, by=request.user, at=clock.now())
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("accounts:organisation_detail", pk=invitation.organisation_id)


@login_required
@require_POST
def invitation_revoke(request, pk):
    """Take an offer back."""
    invitation = _managed(request.user, pk)
    attempt(
        request,
        lambda: services.invitation_revoke(invitation=invitation, by=request.user, at=clock.now()),
        _("L’invitation est révoquée : son lien n’ouvre plus rien."),
    )
    return redirect("accounts:organisation_detail", pk=invitation.organisation_id)


@require_http_methods(["GET", "POST"])
@never_cache
def invitation_answer(request, link):
    """Where the link leads: choose a password, sign in, or answer, according to who is there."""
    invitation = selectors.invitation_of_link(link, clock.now())
    if invitation is None:
        return render(request, "accounts/invitation_gone.html", status=410)
    context = {"invitation": invitation, "breadcrumbs": [(_("Accueil"), "/"), (_("Invitation"), None)]}
    if request.user.is_authenticated:
        context["is_mine"] = rules.can_answer_invitation(request.user, invitation)
        return render(request, "accounts/invitation_answer.html", context)
    if selectors.address_has_account(invitation.email):
        context["login_url"] = f"{reverse('account_login')}?next={request.path}"
        return render(request, "accounts/invitation_answer.html", context)
    return _open_account(request, invitation, context)


def _open_account(request, invitation, context):
    form = NewAccountForm(
        request.POST or None, email=invitation.email, initial={"full_name": invitation.full_name}
    )
    user = submitted(
        request,
        form,
        lambda data: services.invitation_accept_as_new(
            invitation=invitation, full_name=data["full_name"], password=data["password1"], at=clock.now()
        ),
    )
    if user:
        messages.success(request, _("Bienvenue !") + " " + _joined(user, invitation.organisation))
        return perform_login(
            request, user, email_verification="none", redirect_url=reverse("screens:dashboard")
        )
    return render(request, "accounts/invitation_answer.html", {**context, "form": form})


@login_required
@require_POST
def invitation_accept(request, pk):
    """Take the roles offered to one's address."""
    invitation = _mine(request.user, pk)
    try:
        services.invitation_accept(invitation=invitation, by=request.user, at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _joined(request.user, invitation.organisation))
    return redirect("accounts:profile")


def _joined(user, house):
    """What is said to who accepted: some roles wait for a second person, and until then the person is not there."""
    waits = selectors.roles_awaited(user).filter(organisation=house).exists()
    if not waits:
        return _("Vous êtes membre de %(house)s.") % {"house": house}
    return _(
        "Votre réponse est transmise à %(house)s : une seconde personne confirme le rôle, et vous le verrez sur votre"
        " profil."
    ) % {"house": house}


@login_required
@require_POST
def invitation_decline(request, pk):
    """Do not take them."""
    invitation = _mine(request.user, pk)
    attempt(
        request,
        lambda: services.invitation_decline(invitation=invitation, by=request.user, at=clock.now()),
        _("L’invitation est déclinée."),
    )
    return redirect("accounts:profile")


def _posted(request, invitation, secret):
    """Send the message, say so in words that never tell whether the address bears an account."""
    invitations.send_invitation(invitation, secret)
    messages.success(
        request,
        _("L’invitation est envoyée à %(email)s, jusqu’au %(date)s.")
        % {"email": invitation.email, "date": date_short(invitation.expires_at)},
    )
    return redirect("accounts:organisation_detail", pk=invitation.organisation_id)


def _managed(user, pk):
    invitation = get_object_or_404(rules.invitations_visible_to(user).select_related("organisation"), pk=pk)
    if not rules.can_manage_invitation(user, invitation):
        raise Http404
    return invitation


def _mine(user, pk):
    invitation = get_object_or_404(rules.invitations_visible_to(user).select_related("organisation"), pk=pk)
    if not rules.can_answer_invitation(user, invitation):
        raise Http404
    return invitation
