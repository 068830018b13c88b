"""What the buyer tells of the course of a consultation, and its whole file taken away."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from foundation.accounts.fresh import fresh_sign_in_required
from foundation.clock import now
from foundation.errors import Refusal
from foundation.files.names import disposition
from foundation.files.zipping import zipped
from foundation.screens.doors import submitted
from tenders import procedure_file, progress, rules, services
from tenders.forms.schedule import ScheduleForm
from tenders.views.doors import allowed_tender, buyer_crumbs, tender_steps


@login_required
def calendar(request, pk):
    """Announce the dates of the stages to come."""
    tender = allowed_tender(request, pk, rules.can_plan_stages, wanted=())
    known = {row.stage: row.planned_date for row in tender.planned_stages.all()}
    form = ScheduleForm(request.POST or None, stages=progress.stages_of(tender), initial=known)

    def call(_data):
        services.stages_plan(tender=tender, dates=form.dates, by=request.user, at=now())
        return True

    if submitted(request, form, call):
        messages.success(request, _("Les entreprises qui ont répondu lisent ces dates dès maintenant."))
        return redirect("tenders:manage", pk=tender.pk)
    context = {
        "tender": tender,
        "form": form,
        "progress": progress.progress(tender, now()),
        "steps": tender_steps(tender),
        "breadcrumbs": buyer_crumbs(_("Calendrier"), tender),
    }
    return render(request, "tenders/calendar.html", context)


@never_cache
@login_required
@fresh_sign_in_required
@require_POST
def export(request, pk):
    """The whole file of the procedure, as one archive written while it is sent."""
    tender = allowed_tender(request, pk, rules.can_export_procedure, wanted=())
    at = now()
    try:
        entries = procedure_file.archive_of(tender, by=request.user, at=at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("tenders:analysis", pk=tender.pk)
    services.file_export(tender=tender, files=len(entries), by=request.user, at=at)
    answer = StreamingHttpResponse(zipped(entries), content_type="application/zip")
    answer.headers["Content-Disposition"] = disposition(f"dossier-{tender.reference}.zip")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
