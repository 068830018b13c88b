"""Indicators and measures of a startup."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from foundation.clock import now
from foundation.screens.doors import submitted
from startups import rules, services
from startups.forms import IndicatorForm, MeasureForm
from startups.views.doors import startup_crumbs, startup_for


@login_required
def indicator_add(request, slug):
    """Choose something to count."""
    startup = startup_for(request, slug, rules.can_edit_startup)
    form = IndicatorForm(request.POST or None)
    saved = submitted(
        request, form, lambda data: services.indicator_add(startup=startup, **data, by=request.user, at=now())
    )
    if saved:
        messages.success(request, _("L'indicateur est ajouté : inscrivez sa première mesure."))
        return redirect("startups:measure_record", slug=slug, indicator_pk=saved.pk)
    context = {"form": form, "startup": startup, "breadcrumbs": startup_crumbs(startup, _("Indicateur"))}
    return render(request, "startups/indicator_add.html", context)


@login_required
def measure_record(request, slug, indicator_pk):
    """Write a measure."""
    startup = startup_for(request, slug, rules.can_edit_startup)
    indicator = get_object_or_404(startup.indicators.select_related("startup"), pk=indicator_pk)
    form = MeasureForm(request.POST or None, initial={"measured_date": now().date()})
    saved = submitted(
        request,
        form,
        lambda data: services.measure_record(indicator=indicator, **data, by=request.user, at=now()),
    )
    if saved:
        messages.success(request, _("La mesure est inscrite."))
        return redirect(startup)
    context = {
        "form": form,
        "startup": startup,
        "indicator": indicator,
        "breadcrumbs": startup_crumbs(startup, _("Mesure d'impact")),
    }
    return render(request, "startups/measure_record.html", context)
