"""Nobody whose role demands a second factor goes further without it."""

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.accounts import second_factor
from foundation.accounts.fresh import with_next
from foundation.api.errors import CONTENT_TYPE
from foundation.api.problems import KINDS

NEXT = "second_factor.next"
"""Where the person was going, kept in the session until the second factor is set up."""

OPEN = {
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_totp_qr",
    "screens:healthz",
    "screens:readyz",
}
"""What remains open: what is needed to give the second factor, or to leave."""


class SecondFactorMiddleware:
    """Sends to the enrolment, or to the code when the application exists; a program gets a problem 403.

    Only sessions are concerned: what a token may do is decided where it is read (foundation.api.authentication).
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """None to go on."""
        if request.resolver_match.view_name in OPEN:
            return None
        if not request.user.is_authenticated or not second_factor.is_missing(request):
            return None
        if request.path.startswith("/api/"):
            return _problem(request)
        return _ask(request)


def _problem(request):
    kind = KINDS["second_factor"]
    body = {
        "type": reverse("api:problem", args=[kind.code]),
        "title": str(kind.title),
        "status": kind.status,
        "detail": str(kind.advice),
        "instance": request.path,
    }
    return JsonResponse(body, status=kind.status, content_type=CONTENT_TYPE)


def _ask(request):
    here = request.get_full_path() if request.method == "GET" else reverse("screens:dashboard")
    if second_factor.is_enrolled(request.user):
        return redirect(with_next(reverse("mfa_reauthenticate"), here))
    request.session.setdefault(NEXT, here)
    messages.warning(
        request, _("Votre rôle demande un second facteur : activez-le, puis vous reviendrez à votre page.")
    )
    return redirect("mfa_activate_totp")
