"""Plan, start, demonstrate, cancel an iteration."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Max
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from foundation.errors import Reason, Refusal
from foundation.journal import services as journal
from framework_agreements.enums import Moment
from framework_agreements.models import ExpectedDeliverable
from startups import legal, notifications, rules
from startups.enums import ACTIVE_PHASES, IterationState, Phase
from startups.models import Deliverable, Iteration
from startups.services.locking import capacity, forbid_unless, locked_iteration, locked_startup
from startups.workflow import ITERATION, RUNNING_ORDERS

MOMENTS = (Moment.BEFORE_ITERATION, Moment.END_OF_ITERATION)


@transaction.atomic
def iteration_plan(*, startup, order, goal, start_date, end_date, by, at) -> Iteration:
    """Plan an iteration paid by ``order``, both days counted; its number is gapless within the startup.

    Raises ``Refusal``: more than 21 days (CCTP §1.4), dates crossed or overlapping another iteration, an
    order that is not linked to the startup or no longer runs, a startup that has ended.
    """
    startup = locked_startup(startup)
    forbid_unless(rules.can_plan_iteration(by, startup))
    reasons = [
        *_reasons_of_dates(start_date, end_date),
        *_reasons_of_startup(startup, order),
        *_reasons_of_overlap(startup, start_date, end_date),
    ]
    if not goal.strip():
        reasons.append(
            Reason(_("Donnez un objectif à l'itération : c'est lui que la démonstration vérifie."), "goal")
        )
    if reasons:
        raise Refusal.of(reasons)
    last = startup.iterations.aggregate(last=Max("number"))["last"] or 0
    iteration = Iteration.objects.create(
        startup=startup,
        order=order,
        number=last + 1,
        goal=goal.strip(),
        start_date=start_date,
        end_date=end_date,
        planned_by=by,
        planned_at=at,
    )
    _record(iteration, "startups.iteration_plan", by=by, at=at)
    return iteration


@transaction.atomic
def iteration_start(*, iteration, by, at) -> Iteration:
    """Start a planned iteration; what its work units expect at each iteration becomes due."""
    iteration = locked_iteration(iteration)
    ITERATION.apply(iteration, "start", by=by, at=at)
    iteration.started_at = at
    iteration.save()
    units = iteration.stories.values("order_line__work_unit_id")
    expected = ExpectedDeliverable.objects.filter(work_unit__in=units, moment__in=MOMENTS)
    Deliverable.objects.bulk_create(Deliverable(iteration=iteration, expected=row) for row in expected)
    _record(iteration, "startups.iteration_start", by=by, at=at)
    return iteration


@transaction.atomic
def iteration_demonstrate(*, iteration, minutes, attendees="", by, at) -> Iteration:
    """Record the demonstration and its minutes; the product owner is told. Again after a deferral."""
    if not minutes.strip():
        raise Refusal(
            _("Écrivez le compte rendu : ce qui a été montré, à qui, et ce qui a été dit."), field="minutes"
        )
    iteration = locked_iteration(iteration)
    ITERATION.apply(iteration, "demonstrate", by=by, at=at)
    iteration.demonstrated_at, iteration.decided_at = at, None
    iteration.minutes, iteration.attendees = minutes.strip(), attendees.strip()
    iteration.save()
    notifications.tell_demonstrated(iteration, at=at)
    _record(iteration, "startups.iteration_demonstrate", by=by, at=at)
    return iteration


@transaction.atomic
def iteration_cancel(*, iteration, reason, by, at) -> Iteration:
    """Give up an iteration that has not begun; its dates are free again, its number stays."""
    if not reason.strip():
        raise Refusal(_("Dites pourquoi l'itération est annulée."), field="reason")
    iteration = locked_iteration(iteration)
    ITERATION.apply(iteration, "cancel", by=by, at=at)
    iteration.cancelled_at, iteration.cancel_reason = at, reason.strip()
    iteration.save()
    _record(iteration, "startups.iteration_cancel", by=by, at=at, reason=iteration.cancel_reason)
    return iteration


def _reasons_of_dates(start_date, end_date) -> list[Reason]:
    if end_date < start_date:
        return [Reason(_("La fin précède le début : corrigez l'une des deux dates."), "end_date")]
    most = legal.ITERATION_MAX.value
    count = (end_date - start_date).days + 1
    if count <= most:
        return []
    last_day = date_format(start_date + timedelta(days=most - 1), "j F Y")
    message = _(
        "Une itération dure trois semaines au plus, soit %(most)d jours : celle-ci en compte %(count)d. "
        "Terminez-la au plus tard le %(day)s, ou coupez-la en deux itérations."
    )
    facts = {"most": most, "count": count, "day": last_day}
    return [Reason(message % facts, "end_date", article=legal.ITERATION_MAX.article)]


def _reasons_of_startup(startup, order) -> list[Reason]:
    reasons = []
    if Phase(startup.phase) not in ACTIVE_PHASES:
        reasons.append(
            Reason(_("Cette startup a terminé ses phases : elle n'a plus d'itération."), code="conflict")
        )
    if not startup.order_links.filter(order=order).exists():
        reasons.append(
            Reason(
                _("Rattachez d'abord ce bon de commande à la startup, ou choisissez-en un autre."), "order"
            )
        )
    elif order.state not in RUNNING_ORDERS:
        reasons.append(
            Reason(_("Ce bon de commande n'est pas en cours : choisissez-en un émis et non soldé."), "order")
        )
    return reasons


def _reasons_of_overlap(startup, start_date, end_date) -> list[Reason]:
    others = startup.iterations.exclude(state=IterationState.CANCELLED)
    other = others.filter(start_date__lte=end_date, end_date__gte=start_date).first()
    if other is None:
        return []
    message = _(
        "L'itération %(number)d occupe déjà une partie de ces dates (du %(start)s au %(end)s) : "
        "une startup mène une itération à la fois."
    )
    facts = {
        "number": other.number,
        "start": date_format(other.start_date, "j F Y"),
        "end": date_format(other.end_date, "j F Y"),
    }
    return [Reason(message % facts, "start_date")]


def _record(iteration, action, *, by, at, reason="") -> None:
    after = {
        "number": iteration.number,
        "state": iteration.state,
        "start_date": iteration.start_date,
        "end_date": iteration.end_date,
        "order": iteration.order_id,
    }
    journal.record(
        by=by,
        action=action,
        obj=iteration,
        at=at,
        reason=reason,
        after=after,
        **capacity(by, iteration),
    )
