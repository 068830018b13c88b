"""The delivery: iterations, stories, and the person-days of the orders that pay them."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Prefetch, Q, QuerySet, Sum

from foundation.accounts.enums import Role
from foundation.accounts.selectors import people_stood_for
from framework_agreements.models import OrderLine
from startups import rules
from startups.enums import IterationState, StoryState
from startups.models import Deliverable, Iteration, Startup, Story

ZERO = Decimal(0)


@dataclass(frozen=True)
class OrderProgress:
    """Person-days of an order that pays a startup (CCTP §7.2): planned, done, left."""

    order: object
    planned_days: Decimal
    done_days: Decimal
    remaining_days: Decimal


def iteration_rows(iterations: QuerySet[Iteration]) -> QuerySet[Iteration]:
    """Iterations with what a list shows: startup, order, number of stories, days validated."""
    return iterations.select_related(
        "startup__organisation", "order__agreement", "order__holder__organisation"
    ).annotate(
        story_count=Count("stories", distinct=True),
        validated_count=Count("stories", filter=Q(stories__state=StoryState.VALIDATED), distinct=True),
    )


def iteration_detail(user) -> QuerySet[Iteration]:
    """The iterations this person reads, with all that their page shows."""
    stories = Story.objects.select_related("order_line__work_unit", "settled_by").order_by("position")
    deliverables = Deliverable.objects.select_related("expected__work_unit", "delivered_by")
    return (
        rules.iterations_visible_to(user)
        .select_related(
            "startup__organisation",
            "startup__incubator",
            "startup__product_owner",
            "order__agreement__buyer",
            "order__lot",
            "order__holder__organisation",
            "order__beneficiary__organisation",
        )
        .prefetch_related(
            Prefetch("stories", stories),
            Prefetch("deliverables", deliverables),
            "records__document",
            "records__signed_by",
        )
    )


def iterations_of(startup: Startup, user) -> QuerySet[Iteration]:
    """The iterations of a startup that this person reads, the last first."""
    return iteration_rows(rules.iterations_visible_to(user).filter(startup=startup)).order_by("-number")


def order_progress(startup: Startup, user) -> list[OrderProgress]:
    """Person-days of each order that pays the startup and that this person may read."""
    readable = rules.orders_followed_by(user, startup).order_by()
    links = startup.order_links.filter(order__in=readable.values("pk")).select_related(
        "order__agreement", "order__lot", "order__holder__organisation"
    )
    days = {
        "planned": Sum("order__lines__planned_days", default=ZERO),
        "done": Sum("order__lines__done_days", default=ZERO),
    }
    return [
        OrderProgress(link.order, link.planned, link.done, max(link.planned - link.done, ZERO))
        for link in links.annotate(**days).order_by("linked_at")
    ]


def story_days(iteration: Iteration) -> dict:
    """Person-days of the stories of an iteration: estimated, validated, refused."""
    stories = list(iteration.stories.all())
    return {
        "estimated": sum((story.days for story in stories), ZERO),
        "validated": sum((s.days for s in stories if s.state == StoryState.VALIDATED), ZERO),
        "refused": sum((s.days for s in stories if s.state == StoryState.REFUSED), ZERO),
        "waiting": sum(1 for s in stories if s.state == StoryState.DONE),
    }


def lines_of(iteration: Iteration) -> QuerySet[OrderLine]:
    """The lines of the order that pays the iteration."""
    return (
        OrderLine.objects.filter(order_id=iteration.order_id).select_related("work_unit").order_by("position")
    )


def iterations_to_settle(user) -> list[Iteration]:
    """Demonstrated iterations that wait for this product owner's decision, or for the one he stands in for."""
    mine = Iteration.objects.filter(
        startup__product_owner__in=people_stood_for(user, Role.PRODUCT_OWNER),
        state__in=[IterationState.DEMONSTRATED, IterationState.RUNNING],
    )
    return list(iteration_rows(mine).order_by("state", "end_date")[:10])


def iterations_to_deliver(user) -> list[Iteration]:
    """Iterations under way that this person's firm is paid for."""
    states = [IterationState.PLANNED, IterationState.RUNNING, IterationState.DEFERRED]
    mine = rules.iterations_held_by(user).filter(state__in=states)
    return list(iteration_rows(mine).order_by("end_date")[:10])
