"""How every page of this app finds its object, its path, and says no."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.screens.doors import attempt
from framework_agreements.models import PurchaseOrder
from startups.models import Startup
from startups.selectors import delivery


def startup_of(slug) -> Startup:
    """The startup of a page, or 404."""
    rows = Startup.objects.select_related("organisation", "incubator", "product_owner")
    return get_object_or_404(rows, slug=slug)


def startup_for(request, slug, can) -> Startup:
    """The startup, or 404 for whom ``can(user, startup)`` refuses."""
    startup = startup_of(slug)
    return startup if can(request.user, startup) else _not_found()


def iteration_of(request, slug, number):
    """The iteration of a page, or 404 for who may not read it."""
    return get_object_or_404(delivery.iteration_detail(request.user), startup__slug=slug, number=number)


def iteration_for(request, slug, number, can):
    """The iteration, or 404 for whom ``can(user, iteration)`` refuses."""
    iteration = iteration_of(request, slug, number)
    return iteration if can(request.user, iteration) else _not_found()


def orders_of(startup):
    """The orders linked to a startup, with what their label reads."""
    linked = startup.order_links.values("order_id")
    return PurchaseOrder.objects.filter(pk__in=linked).select_related("agreement")


def crumbs(*steps):
    """The path under the portfolio: (label, url or None)."""
    return [(_("Startups d'État"), reverse("startups:list")), *steps]


def startup_crumbs(startup, here=""):
    """The path to a page under a startup, or to the startup itself."""
    if not here:
        return crumbs((startup.name, None))
    return crumbs((startup.name, startup.get_absolute_url()), (here, None))


def iteration_crumbs(iteration, here=""):
    """The path to a page under an iteration, or to the iteration itself."""
    startup = iteration.startup
    label = _("Itération %(number)d") % {"number": iteration.number}
    steps = [(startup.name, startup.get_absolute_url())]
    if not here:
        return crumbs(*steps, (label, None))
    return crumbs(*steps, (label, iteration.get_absolute_url()), (here, None))


def acted(request, call, done, back):
    """Do an act that has no form: its refusal or its success is said on the page it came from."""
    attempt(request, call, done)
    return redirect(back)


def _not_found():
    raise Http404
