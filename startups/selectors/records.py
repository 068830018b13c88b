"""The facts of an acceptance record, as they are frozen and then printed."""

from decimal import Decimal

from django.utils.translation import gettext as _

from startups.enums import StoryState
from startups.models import Iteration


def record_facts(iteration: Iteration, decision, reason, reduction_percent, days, *, by, at) -> dict:
    """Everything the record prints, as JSON: nothing of it is read again afterwards.

    ``days`` maps each order line to the person-days that this record writes on it.
    """
    stories = list(iteration.stories.select_related("order_line__work_unit", "settled_by"))
    return {
        "issuer": _party(iteration.startup.organisation),
        "holder": _party(iteration.order.holder.organisation),
        "startup": _startup(iteration.startup),
        "order": _order(iteration.order),
        "iteration": _iteration(iteration),
        "stories": [_story(story) for story in stories],
        "deliverables": [_deliverable(row) for row in _deliverables(iteration)],
        "lines": [_line(line, amount) for line, amount in days.items()],
        "decision": decision.value,
        "decision_label": str(decision.label),
        "reason": reason.strip(),
        "reduction_percent": None if reduction_percent is None else str(reduction_percent),
        "validated_days": _days(stories, StoryState.VALIDATED),
        "refused_days": _days(stories, StoryState.REFUSED),
        "recorded_days": str(sum(days.values(), Decimal(0))),
        "signatures": [{"role": _("Responsable de produit"), "name": by.full_name, "at": at.isoformat()}],
    }


def _party(organisation) -> dict:
    fields = ("name", "siret", "address", "postal_code", "city")
    return {field: getattr(organisation, field) for field in fields}


def _startup(startup) -> dict:
    return {
        "name": startup.name,
        "incubator": startup.incubator.name,
        "phase": startup.phase,
        "phase_label": str(startup.get_phase_display()),
    }


def _order(order) -> dict:
    return {
        "number": order.number,
        "title": order.title,
        "agreement": order.agreement.reference,
        "agreement_title": order.agreement.title,
        "lot": str(order.lot),
    }


def _iteration(iteration) -> dict:
    return {
        "number": iteration.number,
        "goal": iteration.goal,
        "start_date": iteration.start_date.isoformat(),
        "end_date": iteration.end_date.isoformat(),
        "day_count": iteration.day_count,
        "demonstrated_at": iteration.demonstrated_at.isoformat(),
        "attendees": iteration.attendees,
        "minutes": iteration.minutes,
    }


def _story(story) -> dict:
    return {
        "position": story.position,
        "sentence": story.sentence,
        "criteria": story.criteria,
        "work_unit": story.order_line.work_unit.code,
        "days": str(story.days),
        "state": story.state,
        "state_label": str(
            _("Non présentée") if story.state == StoryState.TODO else story.get_state_display()
        ),
        "reason": story.refusal_reason,
        "settled_by": story.settled_by.full_name if story.settled_by else "",
        "settled_at": story.settled_at.isoformat() if story.settled_at else "",
    }


def _deliverables(iteration):
    return iteration.deliverables.select_related("expected__work_unit")


def _deliverable(row) -> dict:
    return {
        "label": row.expected.label,
        "work_unit": row.expected.work_unit.code,
        "moment": str(row.expected.get_moment_display()),
        "location": row.location,
        "delivered_at": row.delivered_at.isoformat() if row.delivered_at else "",
    }


def _line(line, amount) -> dict:
    done = line.done_days + amount
    return {
        "work_unit": line.work_unit.code,
        "title": line.work_unit.title,
        "planned_days": str(line.planned_days),
        "recorded_days": str(amount),
        "done_days": str(done),
        "remaining_days": str(max(line.planned_days - done, Decimal(0))),
    }


def _days(stories, state) -> str:
    return str(sum((story.days for story in stories if story.state == state), Decimal(0)))
