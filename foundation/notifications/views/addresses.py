"""Addresses that refuse our messages: who is concerned, and the proof that one receives again."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation import clock
from foundation.notifications import bounces, links, rules, selectors
from foundation.screens.doors import attempt

PAGE_SIZE = 50


@never_cache
@login_required
@require_safe
def address_list(request: HttpRequest) -> HttpResponse:
    """For an administrator: the members whose address refuses our messages."""
    organisations = rules.administered_organisation_ids(request.user)
    if not organisations:
        raise Http404
    people = selectors.members_who_refuse(organisations).order_by("full_name", "pk")
    context = {
        "page_obj": Paginator(people, PAGE_SIZE).get_page(request.GET.get("page")),
        "breadcrumbs": [(_("Accueil"), "/"), (_("Adresses qui refusent nos messages"), None)],
    }
    return render(request, "notifications/addresses.html", context)


@login_required
@require_POST
def address_check(request: HttpRequest) -> HttpResponse:
    """Send a link to one's own address, to prove that it receives again."""
    attempt(
        request,
        lambda: bounces.address_check_send(by=request.user, at=clock.now()),
        _("Un message part vers votre adresse : ouvrez le lien qu’il contient."),
    )
    return redirect("notifications:preferences")


@never_cache
@require_http_methods(["GET", "POST"])
def address_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The owner of an address says, by the link sent to it, that it receives; signed in or not."""
    try:
        links.read_address(token)
    except (BadSignature, ValueError):
        raise Http404 from None
    if request.method == "POST":
        bounces.address_prove(token=token)
    return render(request, "notifications/address_confirm.html", {"done": request.method == "POST"})
