"""How a person wants to be told, what each message looks like, and the way out of the e-mails."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from foundation import clock
from foundation.accounts.models import User
from foundation.notifications import links, registry, selectors, services, words
from foundation.notifications.forms import preferences_form
from foundation.screens.doors import submitted


def _trail(*more) -> list:
    return [
        (_("Accueil"), "/"),
        (_("Notifications"), reverse("notifications:list")),
        *more,
    ]


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """« Mes messages »: for each message, at once, in a digest, in the centre only, or nothing."""
    form = preferences_form(request.POST or None, selectors.paces_of(request.user))

    def keep(paces: dict) -> bool:
        services.preferences_set(paces=paces, by=request.user, at=clock.now())
        return True

    if submitted(request, form, keep):
        messages.success(request, _("Vos choix sont enregistrés."))
        return redirect("notifications:preferences")
    context = {
        "form": form,
        "refused": selectors.refused_address_of(request.user),
        "breadcrumbs": _trail((_("Mes messages"), None)),
    }
    return render(request, "notifications/preferences.html", context)


@never_cache
@login_required
@require_safe
def example(request: HttpRequest, code: str) -> HttpResponse:
    """What a message looks like, with invented facts, before one chooses."""
    try:
        kind = registry.find(code)
    except LookupError:
        raise Http404 from None
    if not kind.listed:
        raise Http404
    parts = (kind, request.user, kind.example, "/")
    context = {
        "kind": kind,
        "subject": words.subject_of(*parts),
        "text": words.text_of(*parts),
        "breadcrumbs": _trail((_("Mes messages"), reverse("notifications:preferences")), (kind.label, None)),
    }
    return render(request, "notifications/example.html", context)


@never_cache
@csrf_exempt  # the signed address is the proof: mail readers send the one click without cookie (RFC 8058)
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the e-mails of one kind, signed in or not; reading the page changes nothing, sending it does.

    A link that is not ours, or whose account or message is gone, is an address that does not exist.
    """
    try:
        recipient_id, code = links.read_unsubscribe(token)
        recipient = User.objects.get(pk=recipient_id)
        kind = registry.find(code)
    except (BadSignature, ValueError, LookupError, User.DoesNotExist):
        raise Http404 from None
    if kind.legal:
        raise Http404
    if request.method == "POST":
        services.unsubscribe(recipient=recipient, kind=code, at=clock.now())
    context = {"kind": kind, "done": request.method == "POST"}
    return render(request, "notifications/unsubscribe.html", context)
