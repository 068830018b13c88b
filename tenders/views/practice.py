"""« S'entraîner » : test one's workstation, and deposit for nothing, exactly as one would for real (P13, P16)."""

import time

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_safe

from foundation.clock import now
from foundation.files import services as files
from foundation.screens.doors import submitted
from tenders import practice, services
from tenders.forms.deposit import BidForm
from tenders.forms.practice import ProbeForm
from tenders.profiles import BID_FILE, PRACTICE_FILE
from tenders.rules import public
from tenders.uploads import protected, seal_uploads, sealed_door
from tenders.views.doors import public_crumbs


@never_cache
@ensure_csrf_cookie
@require_http_methods(["GET", "POST"])
def workstation(request):
    """What this browser is, the hour of the platform, what is accepted, and a file sent to see that it arrives."""
    started = time.monotonic()
    form = ProbeForm(request.POST or None, request.FILES or None)

    def call(data):
        return files.check_upload(data["upload"], profile=PRACTICE_FILE, field="upload")

    checked = submitted(request, form, call)
    context = {
        "form": form,
        "checked": checked,
        "checked_ms": round((time.monotonic() - started) * 1000),
        "at": now(),
        "browser": request.headers.get("User-Agent", "")[:300],
        "has_cookies": bool(request.COOKIES),
        "is_secure": request.is_secure(),
        "accepted_types": BID_FILE.words,
        "max_bytes": BID_FILE.max_bytes,
        "breadcrumbs": public_crumbs(_("S’entraîner")),
    }
    return render(request, "tenders/practice/workstation.html", context)


@sealed_door
@never_cache
@login_required
def practice_deposit(request):
    """Answer the practice consultation: same form, same checks, same seal as a real answer."""
    envelope = services.practice_envelope(by=request.user)
    if request.method == "POST":
        seal_uploads(request, envelope)
    return protected(_practice_deposit)(request, envelope)


@require_http_methods(["GET", "POST"])
def _practice_deposit(request, envelope):
    data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    lots = practice.TENDER.lots
    form = BidForm(*data, lots=lots, refusals=envelope.refusals, accept=BID_FILE.accept)

    def call(_data):
        with form.told_beside():
            return services.practice_deposit(envelope=envelope, prices=form.prices, by=request.user)

    deposit = submitted(request, form, call)
    envelope.discard()
    if deposit:
        return redirect("tenders:practice_receipt", deposit_pk=deposit.pk)
    context = {
        "tender": practice.TENDER,
        "form": form,
        "accepted_types": BID_FILE.words,
        "max_bytes": BID_FILE.max_bytes,
        "breadcrumbs": [*_crumbs(), (_("Dépôt simulé"), None)],
    }
    return render(request, "tenders/practice/deposit.html", context)


@never_cache
@login_required
@require_safe
def practice_receipt(request, deposit_pk):
    """The receipt of a simulated deposit, which says that it is one."""
    own = public.practice_deposits_visible_to(request.user).prefetch_related("parts")
    deposit = get_object_or_404(own, pk=deposit_pk)
    context = {
        "deposit": deposit,
        "tender": practice.TENDER,
        "breadcrumbs": [*_crumbs(), (_("Accusé de réception simulé"), None)],
    }
    return render(request, "tenders/practice/receipt.html", context)


def _crumbs() -> list[tuple]:
    return [*public_crumbs(), (_("S’entraîner"), reverse("tenders:practice"))]
