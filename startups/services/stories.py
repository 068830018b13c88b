"""The stories of an iteration and what its work units expect."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from foundation.errors import Refusal
from foundation.journal import services as journal
from foundation.workflow import moved
from startups import rules
from startups.enums import OPEN_STATES
from startups.models import Deliverable, Story
from startups.services.locking import capacity, forbid_unless, locked_iteration, locked_story
from startups.workflow import STORY

STORY_FIELDS = ("persona", "want", "benefit", "criteria", "days")


@transaction.atomic
def story_add(*, iteration, order_line, by, at, **content) -> Story:
    """Write a story (``content``: the fields of ``STORY_FIELDS``) paid by a line of the iteration's order."""
    iteration = locked_iteration(iteration)
    _check_open(iteration, by)
    if order_line.order_id != iteration.order_id:
        raise Refusal(
            _("Choisissez une ligne du bon de commande qui paie cette itération."), field="order_line"
        )
    if content["days"] <= 0:
        raise Refusal(_("Estimez ce récit en jours-homme, au-dessus de zéro."), field="days")
    last = iteration.stories.aggregate(last=Max("position"))["last"] or 0
    story = Story.objects.create(
        iteration=iteration,
        order_line=order_line,
        position=last + 1,
        **{field: content[field] for field in STORY_FIELDS},
    )
    _record(story, "startups.story_add", by=by, at=at)
    return story


@transaction.atomic
def story_remove(*, story, by, at) -> None:
    """Take a story out of an iteration that is not demonstrated yet."""
    story = locked_story(story)
    _check_open(story.iteration, by)
    _record(story, "startups.story_remove", by=by, at=at)
    story.delete()


@transaction.atomic
def story_present(*, story, by, at) -> Story:
    """The holder says the story is done and shown; what was decided of it before a deferral is lifted."""
    story = locked_story(story)
    STORY.apply(story, "present", by=by, at=at)
    story.presented_at = at
    story.settled_at = story.settled_by = None
    story.refusal_reason = ""
    story.save()
    _record(story, "startups.story_present", by=by, at=at)
    return story


@transaction.atomic
def story_validate(*, story, by, at) -> Story:
    """Formal validation by the product owner: its days will be recorded with the acceptance record."""
    story = locked_story(story)
    STORY.apply(story, "validate", by=by, at=at)
    story.settled_by, story.settled_at, story.refusal_reason = by, at, ""
    story.save()
    _record(story, "startups.story_validate", by=by, at=at)
    return story


@transaction.atomic
def story_refuse(*, story, reason, by, at) -> Story:
    """Refusal by the product owner, with its reason: a refused story pays nothing."""
    if not reason.strip():
        raise Refusal(_("Dites ce qui manque : l'équipe doit pouvoir corriger."), field="reason")
    story = locked_story(story)
    STORY.apply(story, "refuse", by=by, at=at)
    story.settled_by, story.settled_at, story.refusal_reason = by, at, reason.strip()
    story.save()
    _record(story, "startups.story_refuse", by=by, at=at, reason=story.refusal_reason)
    return story


@transaction.atomic
def deliverable_deliver(*, deliverable, location, by, at) -> Deliverable:
    """The holder hands over an expected deliverable and says where it is."""
    if not location.strip():
        raise Refusal(_("Indiquez où trouver le livrable : une adresse ou un emplacement."), field="location")
    iteration = locked_iteration(deliverable.iteration)
    forbid_unless(rules.can_deliver(by, iteration))
    deliverable = iteration.deliverables.select_related("expected").get(pk=deliverable.pk)
    deliverable.location = location.strip()
    deliverable.delivered_at, deliverable.delivered_by = at, by
    deliverable.save()
    journal.record(
        by=by,
        action="startups.deliverable_deliver",
        obj=iteration,
        at=at,
        after={"deliverable": deliverable.expected.label, "location": deliverable.location},
        **capacity(by, iteration),
    )
    return deliverable


def _check_open(iteration, by) -> None:
    forbid_unless(rules.can_run_iteration(by, iteration))
    if iteration.state not in OPEN_STATES:
        raise Refusal(
            _("Les récits ne changent plus une fois l'itération démontrée : ils vont dans la suivante."),
            code="conflict",
        )


def _record(story, action, *, by, at, reason="") -> None:
    iteration = story.iteration
    left, _reached = moved(story)
    journal.record(
        by=by,
        action=action,
        obj=iteration,
        at=at,
        reason=reason,
        before={"story": story.pk, **left} if left else None,
        after={"story": story.pk, "sentence": story.sentence, "state": story.state, "days": story.days},
        **capacity(by, iteration),
    )
