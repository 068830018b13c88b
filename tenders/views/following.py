"""Be told of the changes of a consultation: with an account in one click, without one by proving an address."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from foundation.clock import now
from foundation.screens.doors import attempt, submitted
from tenders import follow_links, services
from tenders.forms.followers import FollowForm
from tenders.views.doors import public_crumbs, visible_tender


def published(request, pk):
    """A published consultation that this reader sees, or 404."""
    tender = visible_tender(request, pk, wanted=())
    if not tender.published_at:
        raise Http404
    return tender


@never_cache
@require_http_methods(["GET", "POST"])
def follow(request, pk):
    """Ask to be told. A person with an account is told at once; an address is written to first."""
    tender = published(request, pk)
    if request.user.is_authenticated:
        return _follow_signed_in(request, tender)
    form = FollowForm(request.POST or None)

    def call(data):
        services.address_follow(tender=tender, email=data["email"], at=now())
        return data["email"]

    asked = submitted(request, form, call)
    context = {
        "tender": tender,
        "form": form,
        "asked": asked,
        "breadcrumbs": public_crumbs(_("Être prévenu"), tender),
    }
    return render(request, "tenders/following/follow.html", context)


def _follow_signed_in(request, tender):
    if request.method == "POST":
        done = _("Vous serez prévenu des changements de cette consultation.")
        attempt(request, lambda: services.tender_follow(tender=tender, by=request.user, at=now()), done)
    return redirect("tenders:detail", pk=tender.pk)


@login_required
@require_POST
def unfollow(request, pk):
    """Stop being told."""
    tender = published(request, pk)
    services.tender_unfollow(tender=tender, by=request.user)
    messages.success(request, _("Vous ne serez plus prévenu des changements de cette consultation."))
    return redirect("tenders:detail", pk=tender.pk)


@never_cache
@require_http_methods(["GET", "POST"])
def follow_confirm(request, token):
    """The owner of an address proves it. Reading the page changes nothing: mail filters open links too."""
    follower = follow_links.read_confirm(token)
    if follower is None:
        raise Http404
    if request.method == "POST":
        services.address_confirm(follower=follower, at=now())
    context = {"tender": follower.tender, "done": request.method == "POST"}
    return render(request, "tenders/following/confirm.html", context)


@never_cache
@csrf_exempt  # the signed address is the proof: mail readers send the one click without cookie (RFC 8058)
@require_http_methods(["GET", "POST"])
def follow_leave(request, token):
    """The owner of an address stops; the address is erased."""
    is_ours, follower = follow_links.read_leave(token)
    if not is_ours:
        raise Http404
    if request.method == "POST" and follower:
        services.address_leave(follower=follower)
        follower = None
    return render(request, "tenders/following/leave.html", {"follower": follower})
