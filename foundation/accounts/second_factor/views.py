"""Screens of the second factor: allauth's views where they fit, with our templates and our rules."""

import time

from allauth.account.internal.flows.login import record_authentication
from allauth.core.internal.httpkit import authenticated_user
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal import flows as codes_flows
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.internal import flows as totp_flows
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.generic.edit import FormView

from foundation import clock
from foundation.accounts import second_factor
from foundation.accounts.fresh import fresh_sign_in_required
from foundation.accounts.second_factor import services
from foundation.accounts.second_factor.forms import PENDING_SECRET, pending_secret
from foundation.accounts.second_factor.middleware import NEXT

SHOWN = "second_factor.codes_shown_at"
SHOWN_FOR = 600
"""Seconds during which the session that first showed the recovery codes may show and download them again."""


def _trail(title=None):
    trail = [(_("Accueil"), "/"), (_("Mon profil"), reverse("accounts:profile"))]
    if title is None:
        return [*trail, (_("Second facteur"), None)]
    return [*trail, (_("Second facteur"), reverse("mfa_index")), (title, None)]


@login_required
@require_safe
@never_cache
def index(request):
    """Whether the second factor is on, and what can be done with it."""
    kept = {one.type: one for one in Authenticator.objects.filter(user=request.user)}
    codes = kept.get(Authenticator.Type.RECOVERY_CODES)
    context = {
        "application": kept.get(Authenticator.Type.TOTP),
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "is_required": second_factor.is_required(request.user),
        "breadcrumbs": _trail(),
    }
    return render(request, "mfa/index.html", context)


class EnrolView(ActivateTOTPView):
    """Copy the key in an application, give back its first code."""

    def get_context_data(self, **kwargs):
        context = FormView.get_context_data(self, **kwargs)
        secret = context["form"].secret
        context.update(
            {
                "key": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
                "otpauth_url": get_adapter().build_totp_url(self.request.user, secret),
                "is_required": second_factor.is_missing(self.request),
                "breadcrumbs": _trail(_("Activer")),
            }
        )
        return context

    def form_valid(self, form):
        user = authenticated_user(self.request)
        authenticator, _codes = totp_flows.activate_totp(self.request, form)
        authenticator.data["last_counter"] = form.counter
        authenticator.save(update_fields=["data"])
        self.request.session.pop(PENDING_SECRET, None)
        record_authentication(
            self.request, user, "mfa", id=authenticator.pk, type="totp", reauthenticated=True
        )
        services.second_factor_changed(action="add", url=reverse("mfa_index"), by=user, at=clock.now())
        return redirect("mfa_view_recovery_codes")


enrol = never_cache(login_required(EnrolView.as_view()))


@login_required
@require_safe
@never_cache
def qr_code(request):
    """The key as a picture, from our own origin: the policy of the pages allows no data address."""
    if PENDING_SECRET not in request.session:
        raise Http404
    adapter = get_adapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(request.user, pending_secret(request)))
    return HttpResponse(svg, content_type="image/svg+xml")


@login_required
@require_safe
@never_cache
@fresh_sign_in_required
def recovery_codes(request):
    """The recovery codes, shown once: to the session that made them, for ten minutes."""
    kept = _recovery_codes(request.user)
    context = {
        "codes": kept.get_unused_codes() if _may_show(request, kept) else [],
        "codes_left": len(kept.get_unused_codes()),
        "next_url": request.session.pop(NEXT, ""),
        "breadcrumbs": _trail(_("Codes de secours")),
    }
    return render(request, "mfa/recovery_codes/index.html", context)


@login_required
@require_safe
@never_cache
@fresh_sign_in_required
def download_codes(request):
    """The same codes in a text file, while the page may show them."""
    kept = _recovery_codes(request.user)
    if not _may_show(request, kept):
        raise Http404
    title = _("Codes de secours Jalon pour %(email)s : chacun sert une fois.") % {"email": request.user.email}
    text = "\n".join([title, "", *kept.get_unused_codes(), ""])
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="codes-de-secours-jalon.txt"'
    return response


def _recovery_codes(user):
    found = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    if found is None:
        raise Http404
    return found.wrap()


def _may_show(request, kept):
    if not kept.did_view:
        kept.mark_as_viewed()
        request.session[SHOWN] = [kept.instance.pk, time.time()]
    pk, shown_at = request.session.get(SHOWN, (None, 0))
    return pk == kept.instance.pk and time.time() - shown_at < SHOWN_FOR


class RenewCodesView(GenerateRecoveryCodesView):
    """New recovery codes; the old ones stop working."""

    extra_context = {}

    def get_context_data(self, **kwargs):
        return {**super().get_context_data(**kwargs), "breadcrumbs": _trail(_("Nouveaux codes de secours"))}

    def form_valid(self, form):
        codes_flows.generate_recovery_codes(self.request)
        services.second_factor_changed(
            action="renew_codes", url=reverse("mfa_index"), by=self.request.user, at=clock.now()
        )
        return redirect("mfa_view_recovery_codes")


renew_codes = never_cache(login_required(RenewCodesView.as_view()))


class RemoveView(DeactivateTOTPView):
    """Remove the application and its recovery codes, unless a role demands them."""

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        refused = second_factor.is_required(self.request.user)
        return {**context, "is_refused": refused, "breadcrumbs": _trail(_("Retirer"))}

    def form_valid(self, form):
        totp_flows.deactivate_totp(self.request, self.authenticator)
        services.second_factor_changed(
            action="remove", url=reverse("mfa_index"), by=self.request.user, at=clock.now()
        )
        return redirect("mfa_index")


remove = never_cache(RemoveView.as_view())
