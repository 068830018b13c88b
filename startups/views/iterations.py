"""The pages of an iteration: plan, run, demonstrate, decide."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation.accounts.fresh import fresh_sign_in_required
from foundation.clock import now
from foundation.journal.selectors import history
from foundation.screens.doors import submitted
from foundation.screens.steps import purchase_steps
from startups import rules, services
from startups.forms import DecisionForm, DemonstrationForm, IterationForm, ReasonForm
from startups.selectors import delivery
from startups.views.doors import (
    acted,
    iteration_crumbs,
    iteration_for,
    iteration_of,
    orders_of,
    startup_crumbs,
    startup_for,
)
from startups.workflow import ITERATION, RUNNING_ORDERS

PAGE_SIZE = 20
DECISIONS = {"accepted", "reduced", "deferred", "rejected"}


@login_required
@require_safe
def iteration_list(request):
    """Every iteration this person reads, across startups."""
    if not rules.works_on_startups(request.user):
        raise Http404
    found = delivery.iteration_rows(rules.iterations_visible_to(request.user)).order_by("-start_date", "-pk")
    context = {
        "page_obj": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "breadcrumbs": [(_("Itérations"), None)],
    }
    return render(request, "startups/iteration_list.html", context)


@login_required
def iteration_plan(request, slug):
    """Plan an iteration of three weeks at most."""
    startup = startup_for(request, slug, rules.can_plan_iteration)
    orders = orders_of(startup).filter(state__in=RUNNING_ORDERS)
    form = IterationForm(request.POST or None, orders=orders)
    iteration = submitted(
        request,
        form,
        lambda data: services.iteration_plan(startup=startup, **data, by=request.user, at=now()),
    )
    if iteration:
        messages.success(
            request,
            _("L'itération %(number)d est planifiée. Écrivez ses récits.") % {"number": iteration.number},
        )
        return redirect(iteration)
    context = {
        "form": form,
        "startup": startup,
        "has_orders": orders.exists(),
        "can_link": rules.can_link_order(request.user, startup),
        "steps": purchase_steps(current="delivery"),
        "breadcrumbs": startup_crumbs(startup, _("Planifier une itération")),
    }
    return render(request, "startups/iteration_plan.html", context)


@login_required
@require_safe
def iteration_detail(request, slug, number):
    """Everything about an iteration, for those concerned."""
    iteration = iteration_of(request, slug, number)
    user = request.user
    available = ITERATION.available(user, iteration)
    context = {
        "iteration": iteration,
        "startup": iteration.startup,
        "stories": [_story_row(user, iteration, story) for story in iteration.stories.all()],
        "deliverables": iteration.deliverables.all(),
        "records": iteration.records.all(),
        "lines": delivery.lines_of(iteration),
        "days": delivery.story_days(iteration),
        "can": {
            "start": any(row.name == "start" for row in available),
            "cancel": any(row.name == "cancel" for row in available),
            "demonstrate": any(row.name == "demonstrate" for row in available),
            "decide": any(row.name in DECISIONS for row in available),
            "write_stories": rules.can_write_stories(user, iteration),
            "deliver": rules.can_deliver(user, iteration),
        },
        "history": history(iteration),
        "steps": purchase_steps(current="delivery"),
        "breadcrumbs": iteration_crumbs(iteration),
    }
    return render(request, "startups/iteration_detail.html", context)


def _story_row(user, iteration, story) -> dict:
    story.iteration = iteration
    return {
        "story": story,
        "can_present": rules.can_present_story(user, story),
        "can_validate": rules.can_settle_story(user, story) and story.state != "validated",
        "can_refuse": rules.can_settle_story(user, story) and story.state != "refused",
    }


@login_required
@require_POST
def iteration_start(request, slug, number):
    """Start the iteration."""
    iteration = iteration_for(request, slug, number, rules.can_run_iteration)
    return acted(
        request,
        lambda: services.iteration_start(iteration=iteration, by=request.user, at=now()),
        _("L'itération a commencé."),
        iteration,
    )


@login_required
def iteration_cancel(request, slug, number):
    """Give up an iteration that has not begun."""
    iteration = iteration_for(request, slug, number, rules.can_cancel_iteration)
    form = ReasonForm(request.POST or None)
    saved = submitted(
        request,
        form,
        lambda data: services.iteration_cancel(iteration=iteration, **data, by=request.user, at=now()),
    )
    if saved:
        messages.success(request, _("L'itération est annulée : ses dates sont de nouveau libres."))
        return redirect(iteration)
    return _form_page(request, "startups/iteration_cancel.html", iteration, form, _("Annuler"))


@login_required
def iteration_demonstrate(request, slug, number):
    """Record the demonstration and its minutes."""
    iteration = iteration_for(request, slug, number, rules.can_demonstrate_iteration)
    form = DemonstrationForm(
        request.POST or None, initial={"attendees": iteration.attendees, "minutes": iteration.minutes}
    )
    saved = submitted(
        request,
        form,
        lambda data: services.iteration_demonstrate(iteration=iteration, **data, by=request.user, at=now()),
    )
    if saved:
        messages.success(
            request, _("La démonstration est enregistrée : la responsable de produit est prévenue.")
        )
        return redirect(iteration)
    return _form_page(request, "startups/iteration_demonstrate.html", iteration, form, _("Démonstration"))


@login_required
@fresh_sign_in_required
def iteration_decide(request, slug, number):
    """Sign the acceptance record."""
    iteration = iteration_for(request, slug, number, rules.can_decide_iteration)
    form = DecisionForm(request.POST or None)
    record = submitted(
        request,
        form,
        lambda data: services.iteration_decide(iteration=iteration, **data, by=request.user, at=now()),
    )
    if record:
        messages.success(
            request, _("Le procès-verbal %(number)s est signé.") % {"number": record.document.number}
        )
        return redirect(iteration)
    return _form_page(request, "startups/iteration_decide.html", iteration, form, _("Procès-verbal"))


def _form_page(request, template, iteration, form, here):
    context = {
        "form": form,
        "iteration": iteration,
        "startup": iteration.startup,
        "stories": iteration.stories.all(),
        "days": delivery.story_days(iteration),
        "steps": purchase_steps(current="delivery"),
        "breadcrumbs": iteration_crumbs(iteration, here),
    }
    return render(request, template, context)
