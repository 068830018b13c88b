"""What the buyer has written of the analysis: the report, the letters to those who answered."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from foundation.clock import now
from foundation.errors import Refusal
from tenders import documents, rules
from tenders.views.doors import allowed_tender


@login_required
@require_POST
def analysis_report(request, pk):
    """Have the report made from the analysis as it stands: a draft before the award, final after it."""
    tender = allowed_tender(request, pk, rules.can_write_reports, wanted=())
    return redirect(documents.request_analysis_report(tender, by=request.user, at=now()))


@login_required
@require_POST
def letters(request, pk):
    """Have one letter made for each ranked offer, and follow their making."""
    tender = allowed_tender(request, pk, rules.can_write_reports, wanted=())
    try:
        return redirect(documents.request_letters(tender, by=request.user, at=now()))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("tenders:analysis", pk=tender.pk)
