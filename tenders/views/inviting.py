"""The firms invited to a consultation that publishes no notice."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation.clock import now
from foundation.screens.doors import attempt
from tenders import legal, selectors, services
from tenders.views.drafting import draft_context, draft_of


@login_required
@require_safe
def invited(request, pk):
    """Those already invited, and a search for others by name or SIRET."""
    tender = _draft_without_notice(request, pk)
    words = request.GET.get("q", "").strip()[:100]
    context = draft_context(
        request,
        tender,
        "invited",
        rule=legal.PROCEDURES[tender.procedure],
        invited=tender.invited.order_by("name"),
        words=words,
        found=selectors.firms_to_invite(tender, words) if words else [],
    )
    return render(request, "tenders/draft/invited.html", context)


@login_required
@require_POST
def invite(request, pk, firm_pk):
    """Add a firm."""
    tender = _draft_without_notice(request, pk)
    firm = get_object_or_404(selectors.firms(), pk=firm_pk)
    attempt(
        request,
        lambda: services.firm_invite(tender=tender, firm=firm, by=request.user, at=now()),
        _("%(firm)s est invitée : elle sera prévenue à la publication.") % {"firm": firm},
    )
    return redirect("tenders:invited", pk=tender.pk)


@login_required
@require_POST
def uninvite(request, pk, firm_pk):
    """Take a firm out."""
    tender = _draft_without_notice(request, pk)
    firm = get_object_or_404(tender.invited, pk=firm_pk)
    attempt(
        request,
        lambda: services.firm_uninvite(tender=tender, firm=firm, by=request.user, at=now()),
        _("%(firm)s n'est plus invitée.") % {"firm": firm},
    )
    return redirect("tenders:invited", pk=tender.pk)


def _draft_without_notice(request, pk):
    tender = draft_of(request, pk)
    if legal.PROCEDURES[tender.procedure].publishes:
        raise Http404
    return tender
