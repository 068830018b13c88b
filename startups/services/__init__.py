"""Writes of startups: each service is one transaction, locked, journalled."""

from startups.services.acceptance import iteration_decide
from startups.services.impact import indicator_add, measure_record
from startups.services.iterations import (
    iteration_cancel,
    iteration_demonstrate,
    iteration_plan,
    iteration_start,
)
from startups.services.portfolio import (
    incubator_create,
    order_link,
    phase_change,
    startup_create,
    startup_update,
)
from startups.services.stories import (
    deliverable_deliver,
    story_add,
    story_present,
    story_refuse,
    story_remove,
    story_validate,
)

__all__ = [
    "deliverable_deliver",
    "incubator_create",
    "indicator_add",
    "iteration_cancel",
    "iteration_decide",
    "iteration_demonstrate",
    "iteration_plan",
    "iteration_start",
    "measure_record",
    "order_link",
    "phase_change",
    "startup_create",
    "startup_update",
    "story_add",
    "story_present",
    "story_refuse",
    "story_remove",
    "story_validate",
]
