"""What those who run an agreement take away from it."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from foundation.clock import now
from framework_agreements import documents, rules
from framework_agreements.views import doors


@login_required
@require_POST
def steering_sheet(request, pk):
    """Have the steering table of the agreement made for a spreadsheet."""
    agreement = doors.visible_agreement(request, pk)
    if not rules.can_administer_agreement(request.user, agreement):
        raise Http404
    return redirect(documents.request_steering(agreement, by=request.user, at=now()))
