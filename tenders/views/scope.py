"""What a draft buys and where, chosen by searching: CPV code, départements, communes."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from foundation.clock import now
from foundation.errors import Refusal
from tenders import nomenclatures, services
from tenders.forms.search import ScopeSearchForm
from tenders.views.drafting import draft_context, draft_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def scope(request, pk):
    """Search and choose; each choice is saved at once."""
    tender = draft_of(request, pk)
    if request.method == "POST":
        return _choose(request, tender)
    form = ScopeSearchForm(request.GET or None)
    wanted = form.wanted
    context = draft_context(
        request,
        tender,
        "scope",
        form=form,
        cpv_label=nomenclatures.cpv_label(tender.cpv_code),
        cpv_found=nomenclatures.search_cpv(wanted.get("cpv", "")),
        places=_chosen(tender),
        places_found=nomenclatures.search_places(wanted.get("lieu", "")),
        searched=wanted,
    )
    return render(request, "tenders/draft/scope.html", context)


def _chosen(tender) -> list[tuple]:
    """The codes of the places chosen with their names."""
    codes = [*tender.department_codes, *tender.commune_codes]
    names = nomenclatures.place_names(tender.department_codes, tender.commune_codes)
    return list(zip(codes, names, strict=True))


def _choose(request, tender):
    """Save the choice of one button, then show the page again with the same search."""
    try:
        services.tender_update(tender=tender, **_change(request.POST, tender), by=request.user, at=now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("C'est noté."))
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(reverse("tenders:scope", args=[tender.pk]) + query)


def _change(posted, tender) -> dict:
    if "cpv" in posted:
        return {"cpv_code": posted["cpv"]}
    if code := posted.get("add"):
        name = "department_codes" if code in nomenclatures.departments() else "commune_codes"
        return {name: list(dict.fromkeys([*getattr(tender, name), code]))}
    if code := posted.get("remove"):
        name = "department_codes" if code in tender.department_codes else "commune_codes"
        return _without(tender, name, code)
    raise Http404


def _without(tender, name: str, code: str) -> dict:
    """The places without one; a département leaves with its communes."""
    kept = [known for known in getattr(tender, name) if known != code]
    if name == "commune_codes":
        return {name: kept}
    inside = {place.code for place in nomenclatures.communes().values() if place.department == code}
    outside = [known for known in tender.commune_codes if known not in inside]
    return {name: kept, "commune_codes": outside}
