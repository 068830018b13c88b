"""The notification centre."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from foundation import clock
from foundation.notifications import registry, selectors, services
from foundation.notifications.rules import notifications_visible_to

PAGE_SIZE = 20


@never_cache
@login_required
@require_safe
def notification_list(request: HttpRequest) -> HttpResponse:
    """What this person was told, newest first.

    « ?lues=non » keeps what waits to be read, « ?famille=tenders » one family of messages.
    """
    only_unread = request.GET.get("lues") == "non"
    family = request.GET.get("famille", "")
    rows = notifications_visible_to(request.user)
    if only_unread:
        rows = rows.filter(read_at__isnull=True)
    if family:
        rows = rows.filter(kind__startswith=f"{family}.")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "only_unread": only_unread,
        "family": family,
        "families": [(code, registry.family_label(code)) for code in registry.families()],
        "refused": selectors.refused_address_of(request.user),
        "breadcrumbs": [(_("Notifications"), None)],
    }
    return render(request, "notifications/list.html", context)


@never_cache
@require_safe
def badge(request: HttpRequest) -> HttpResponse:
    """The count of the bell, asked every minute by pages that are looked at: one query, a few bytes.

    204 when the page already shows this number (« ?vu=3 »), so that nothing moves and nothing is read aloud
    again; 286 ends the asking of someone who is no longer signed in (htmx).
    """
    if not request.user.is_authenticated:
        return HttpResponse(status=286, headers={"HX-Reswap": "none"})
    count = selectors.unread_count(request.user)
    if request.GET.get("vu") == str(count):
        return HttpResponse(status=204)
    context = {"count": count, "live_url": reverse("notifications:badge")}
    return render(request, "components/bell_count.html", context)


@never_cache
@login_required
@require_safe
def notification_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark the notification as read and go to what it is about."""
    notification = get_object_or_404(notifications_visible_to(request.user), pk=pk)
    services.notification_read(notification=notification, at=clock.now())
    # A path of the platform: the database refuses any other (notifications_url_is_ours).
    return redirect(notification.url)


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    count = services.notifications_read_all(by=request.user, at=clock.now())
    message = ngettext("%d notification marquée comme lue.", "%d notifications marquées comme lues.", count)
    messages.success(request, message % count)
    return redirect("notifications:list")
