"""Stories and deliverables of an iteration."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from foundation.clock import now
from foundation.screens.doors import submitted
from foundation.screens.steps import purchase_steps
from startups import rules, services
from startups.forms import DeliverableForm, ReasonForm, StoryForm
from startups.selectors import delivery
from startups.views.doors import acted, iteration_crumbs, iteration_for, iteration_of


@login_required
def story_add(request, slug, number):
    """Write a story."""
    iteration = iteration_for(request, slug, number, rules.can_write_stories)
    form = StoryForm(request.POST or None, lines=delivery.lines_of(iteration))
    saved = submitted(
        request, form, lambda data: services.story_add(iteration=iteration, **data, by=request.user, at=now())
    )
    if saved:
        messages.success(request, _("Le récit est ajouté à l'itération."))
        return redirect(iteration)
    return _page(request, "startups/story_add.html", iteration, form, _("Nouveau récit"))


@login_required
@require_POST
def story_remove(request, slug, number, story_pk):
    """Take a story out of the iteration."""
    iteration = iteration_for(request, slug, number, rules.can_write_stories)
    story = _story(iteration, story_pk)
    return acted(
        request,
        lambda: services.story_remove(story=story, by=request.user, at=now()),
        _("Le récit est retiré de l'itération."),
        iteration,
    )


@login_required
@require_POST
def story_present(request, slug, number, story_pk):
    """Say that the story is done and shown."""
    iteration, story = _story_for(request, slug, number, story_pk, rules.can_present_story)
    return acted(
        request,
        lambda: services.story_present(story=story, by=request.user, at=now()),
        _("Le récit est présenté."),
        iteration,
    )


@login_required
@require_POST
def story_validate(request, slug, number, story_pk):
    """Validate a story formally."""
    iteration, story = _story_for(request, slug, number, story_pk, rules.can_settle_story)
    return acted(
        request,
        lambda: services.story_validate(story=story, by=request.user, at=now()),
        _("Le récit est validé."),
        iteration,
    )


@login_required
def story_refuse(request, slug, number, story_pk):
    """Refuse a story, with the reason."""
    iteration, story = _story_for(request, slug, number, story_pk, rules.can_settle_story)
    form = ReasonForm(request.POST or None)
    saved = submitted(
        request, form, lambda data: services.story_refuse(story=story, **data, by=request.user, at=now())
    )
    if saved:
        messages.success(request, _("Le récit est refusé : il ne sera pas payé."))
        return redirect(iteration)
    return _page(request, "startups/story_refuse.html", iteration, form, _("Refuser un récit"), story=story)


@login_required
def deliverable_deliver(request, slug, number, deliverable_pk):
    """Hand over a deliverable."""
    iteration = iteration_for(request, slug, number, rules.can_deliver)
    deliverable = get_object_or_404(iteration.deliverables.select_related("expected"), pk=deliverable_pk)
    form = DeliverableForm(request.POST or None, initial={"location": deliverable.location})
    saved = submitted(
        request,
        form,
        lambda data: services.deliverable_deliver(deliverable=deliverable, **data, by=request.user, at=now()),
    )
    if saved:
        messages.success(request, _("Le livrable est remis."))
        return redirect(iteration)
    template = "startups/deliverable_deliver.html"
    return _page(request, template, iteration, form, _("Livrable"), deliverable=deliverable)


def _story(iteration, story_pk):
    story = get_object_or_404(iteration.stories.select_related("order_line__work_unit"), pk=story_pk)
    story.iteration = iteration
    return story


def _story_for(request, slug, number, story_pk, can):
    iteration = iteration_of(request, slug, number)
    story = _story(iteration, story_pk)
    if not can(request.user, story):
        raise Http404
    return iteration, story


def _page(request, template, iteration, form, here, **more):
    context = {
        "form": form,
        "iteration": iteration,
        "startup": iteration.startup,
        "steps": purchase_steps(current="delivery"),
        "breadcrumbs": iteration_crumbs(iteration, here),
        **more,
    }
    return render(request, template, context)
