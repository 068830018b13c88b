"""The public portfolio, and what the product owner writes of a startup."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation.clock import now
from foundation.journal.selectors import history
from foundation.screens.doors import submitted
from foundation.screens.steps import purchase_steps
from startups import rules, services
from startups.forms import (
    IncubatorForm,
    NewStartupForm,
    OrderLinkForm,
    PhaseForm,
    SheetForm,
    StartupSearchForm,
)
from startups.selectors import delivery, impact, portfolio
from startups.services.portfolio import SHEET_FIELDS
from startups.views.doors import crumbs, startup_crumbs, startup_for, startup_of
from startups.workflow import STARTUP

PAGE_SIZE = 12


@require_safe
def startup_list(request):
    """The portfolio, for anyone."""
    form = StartupSearchForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = portfolio.startups_found(
        words=wanted.get("q", ""),
        phase=wanted.get("phase", ""),
        incubator=wanted.get("incubator"),
        impact=wanted.get("impact", ""),
    )
    context = {
        "form": form,
        "page_obj": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "figures": portfolio.public_figures(),
        "may_create": rules.opens_startups(request.user),
        "breadcrumbs": [(_("Startups d'État"), None)],
    }
    return render(request, "startups/startup_list.html", context)


@require_safe
def startup_detail(request, slug):
    """The public page of a startup, and its delivery for those concerned."""
    startup = startup_of(slug)
    periods = list(startup.periods.all())
    context = {
        "startup": startup,
        "timeline": portfolio.timeline(startup, periods),
        "periods": periods,
        "phase_limit": portfolio.phase_limit(startup),
        "public_iterations": portfolio.public_iterations(startup),
        "indicators": impact.impact_of(startup, now().date()),
        "can_edit": rules.can_edit_startup(request.user, startup),
        "breadcrumbs": startup_crumbs(startup),
        "delivery": _delivery(request.user, startup),
    }
    return render(request, "startups/startup_detail.html", context)


def _delivery(user, startup) -> dict | None:
    """The private part of the page, or None for who does not follow the startup."""
    if not rules.can_follow_startup(user, startup):
        return None
    return {
        "iterations": delivery.iterations_of(startup, user),
        "orders": delivery.order_progress(startup, user),
        "can_plan": rules.can_plan_iteration(user, startup),
        "can_link": rules.can_link_order(user, startup),
        "transitions": STARTUP.available(user, startup),
        "history": history(startup),
    }


@login_required
def startup_create(request):
    """Open a startup in investigation."""
    organisations = _own_organisations(request)
    form = NewStartupForm(request.POST or None, organisations=organisations)
    startup = submitted(
        request, form, lambda data: services.startup_create(**data, by=request.user, at=now())
    )
    if startup:
        messages.success(request, _("La startup « %(name)s » est ouverte.") % {"name": startup.name})
        return redirect(startup)
    context = {"form": form, "breadcrumbs": crumbs((_("Nouvelle startup"), None))}
    return render(request, "startups/startup_create.html", context)


@login_required
def incubator_create(request):
    """Open an incubator."""
    form = IncubatorForm(request.POST or None, organisations=_own_organisations(request))
    incubator = submitted(
        request, form, lambda data: services.incubator_create(**data, by=request.user, at=now())
    )
    if incubator:
        messages.success(request, _("L'incubateur « %(name)s » est créé.") % {"name": incubator.name})
        return redirect("startups:create")
    context = {"form": form, "breadcrumbs": crumbs((_("Nouvel incubateur"), None))}
    return render(request, "startups/incubator_create.html", context)


@login_required
def startup_update(request, slug):
    """Write the product sheet."""
    startup = startup_for(request, slug, rules.can_edit_startup)
    form = SheetForm(request.POST or None, initial={field: getattr(startup, field) for field in SHEET_FIELDS})
    saved = submitted(
        request,
        form,
        lambda data: services.startup_update(startup=startup, **data, by=request.user, at=now()),
    )
    if saved:
        messages.success(request, _("La fiche produit est enregistrée."))
        return redirect(startup)
    context = {"form": form, "startup": startup, "breadcrumbs": startup_crumbs(startup, _("Fiche produit"))}
    return render(request, "startups/startup_update.html", context)


@login_required
def phase_change(request, slug):
    """Record a decision of the engagement committee."""
    startup = startup_for(request, slug, rules.can_edit_startup)
    transitions = STARTUP.available(request.user, startup)
    if not transitions:
        raise Http404
    form = PhaseForm(request.POST or None, transitions=transitions, initial={"on_date": now().date()})
    saved = submitted(
        request, form, lambda data: services.phase_change(startup=startup, **data, by=request.user, at=now())
    )
    if saved:
        messages.success(
            request, _("La décision est enregistrée : %(phase)s.") % {"phase": saved.get_phase_display()}
        )
        return redirect(startup)
    context = {
        "form": form,
        "startup": startup,
        "breadcrumbs": startup_crumbs(startup, _("Changer de phase")),
    }
    return render(request, "startups/phase_change.html", context)


@login_required
def order_link(request, slug):
    """Say which order pays the startup."""
    startup = startup_for(request, slug, rules.can_link_order)
    orders = rules.orders_to_link(startup).select_related("agreement")
    form = OrderLinkForm(request.POST or None, orders=orders)
    saved = submitted(
        request, form, lambda data: services.order_link(startup=startup, **data, by=request.user, at=now())
    )
    if saved:
        messages.success(
            request, _("Le bon de commande est rattaché : des itérations peuvent s'y planifier.")
        )
        return redirect(startup)
    context = {
        "form": form,
        "startup": startup,
        "has_orders": orders.exists(),
        "steps": purchase_steps(current="delivery"),
        "breadcrumbs": startup_crumbs(startup, _("Bon de commande")),
    }
    return render(request, "startups/order_link.html", context)


def _own_organisations(request):
    if not rules.opens_startups(request.user):
        raise Http404
    return rules.organisations_for_new_startup(request.user)
