"""Doors of the sign-in through the provider."""

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation import clock
from foundation.accounts.fresh import fresh_sign_in_required
from foundation.accounts.openid import PROVIDER_ID, is_configured, services
from foundation.accounts.openid.protocol import ProConnectProtocol
from foundation.errors import Refusal
from foundation.screens.doors import attempt


class CallbackView(OAuth2CallbackView):
    """Gives the exchange the nonce that the session kept."""

    def _get_state(self, request, provider):
        state, response = super()._get_state(request, provider)
        self.adapter.nonce = (state or {}).get("nonce")
        return state, response


@never_cache
@require_http_methods(["GET", "POST"])
def login(request):
    """GET explains, POST leaves for the provider: no other site can make somebody sign in here."""
    return _exchange(request, OAuth2LoginView)


@never_cache
@require_safe
def callback(request):
    """Back from the provider."""
    return _exchange(request, CallbackView)


@require_safe
def cancelled(request):
    """The person changed his mind over there."""
    return render(request, "socialaccount/login_cancelled.html")


@login_required
@require_POST
def join(request):
    """Ask to belong to the organisation of the SIRET that the provider gave."""
    try:
        asked = services.organisation_ask(by=request.user, at=clock.now())
        messages.success(
            request,
            _("Votre demande est transmise à %(organisation)s.") % {"organisation": asked.organisation},
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("screens:dashboard")


@require_POST
@login_required
@fresh_sign_in_required
def unlink(request):
    """The account is opened by its password only again."""
    attempt(
        request,
        lambda: services.identity_unlinked(by=request.user, at=clock.now()),
        _("Votre compte n’est plus relié."),
    )
    return redirect("accounts:profile")


@require_safe
@login_required
@fresh_sign_in_required
def link(request):
    """Whether the account is linked, and how to link it."""
    if not is_configured():
        raise Http404
    linked = SocialAccount.objects.filter(user=request.user, provider=PROVIDER_ID).exists()
    return render(
        request, "accounts/openid/link.html", {"linked": linked, "name": _provider(request).app.name}
    )


def _exchange(request, view):
    if not is_configured():
        raise Http404
    try:
        return view.adapter_view(ProConnectProtocol(request, PROVIDER_ID))(request)
    except ImmediateHttpResponse as error:
        return error.response
    except OAuth2Error as error:
        return render_authentication_error(request, _provider(request), exception=error)


def _provider(request):
    return get_adapter(request).get_provider(request, provider=PROVIDER_ID)
