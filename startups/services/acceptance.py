"""The acceptance record: the decision of the product owner, its document, and the days it pays."""

from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.documents import services as documents
from foundation.errors import Refusal
from foundation.journal import services as journal
from framework_agreements import services as orders
from startups import legal, notifications, webhooks
from startups.enums import Decision, StoryState
from startups.models import AcceptanceRecord
from startups.selectors.records import record_facts
from startups.services.locking import capacity, locked_iteration
from startups.workflow import ITERATION

PAYING = (Decision.ACCEPTED, Decision.REDUCED)
CENTIDAY = Decimal("0.01")


@transaction.atomic
def iteration_decide(
    *, iteration, decision, reason="", reduction_percent=None, signature, by, at
) -> AcceptanceRecord:
    """Sign the acceptance record of a demonstrated iteration.

    ``decision`` is one of ``Decision``: admission and reduction record the person-days of the validated
    stories on the order, in this transaction (less ``reduction_percent`` for a reduction); deferral and
    rejection record none. ``signature`` is true when the product owner says he signs. Raises ``Refusal``: not
    the product owner (forbidden), already decided (conflict), a story not settled, no reason, no rate.
    """
    decision = Decision(decision)
    _check_signed(signature)
    _check_reason(decision, reason, reduction_percent)
    iteration = locked_iteration(iteration)
    ITERATION.apply(iteration, decision.value, by=by, at=at)
    iteration.decided_at = at
    iteration.save()
    days = _days_by_line(iteration, decision, reduction_percent)
    facts = record_facts(iteration, decision, reason, reduction_percent, days, by=by, at=at)
    document = documents.document_request(
        kind="startups.acceptance_record",
        obj=iteration,
        facts=facts,
        title=_("Procès-verbal de l'itération %(number)d de %(startup)s")
        % {"number": iteration.number, "startup": iteration.startup.name},
        by=by,
        at=at,
        organisation=iteration.startup.organisation,
    )
    record = AcceptanceRecord.objects.create(
        iteration=iteration,
        decision=decision,
        reason=reason.strip(),
        reduction_percent=reduction_percent if decision == Decision.REDUCED else None,
        recorded_days=sum(days.values(), Decimal(0)),
        signed_by=by,
        signed_at=at,
        document=document,
    )
    _pay(record, days, by=by, at=at)
    notifications.tell_decided(record, at=at)
    webhooks.tell_decided(record, at)
    _journal(record, by=by, at=at)
    return record


def _check_signed(signature) -> None:
    if not signature:
        raise Refusal(_("Cochez la case pour signer le procès-verbal."), field="signature")


def _check_reason(decision, reason, reduction_percent) -> None:
    if decision != Decision.ACCEPTED and not reason.strip():
        raise Refusal(
            _("Donnez le motif : toute décision autre que l'admission doit être motivée."),
            field="reason",
            article=legal.REDUCTION_MAX.article,
        )
    wanted = decision == Decision.REDUCED
    if wanted and (reduction_percent is None or not 0 < reduction_percent < legal.REDUCTION_MAX.value):
        raise Refusal(
            _("Indiquez le taux de réfaction, entre 0 et 100 % exclus."),
            field="reduction_percent",
            article=legal.REDUCTION_MAX.article,
        )


def _days_by_line(iteration, decision, reduction_percent) -> dict:
    """Person-days to record on each order line: validated stories, less the reduction."""
    if decision not in PAYING:
        return {}
    kept = 1 - (reduction_percent / 100 if decision == Decision.REDUCED else 0)
    days: dict = {}
    stories = iteration.stories.filter(state=StoryState.VALIDATED).select_related("order_line__work_unit")
    # Lines are locked one by one further down: always in the same order, so that two records never block.
    for story in stories.order_by("order_line_id", "position"):
        days[story.order_line] = days.get(story.order_line, Decimal(0)) + story.days
    return {line: (total * kept).quantize(CENTIDAY, ROUND_HALF_UP) for line, total in days.items()}


def _pay(record, days, *, by, at) -> None:
    iteration = record.iteration
    activity = _("Itération %(number)d : %(goal)s") % {"number": iteration.number, "goal": iteration.goal}
    for line, amount in days.items():
        if amount:
            orders.order_record_progress(
                line=line,
                days=amount,
                activity=activity[:200],
                source_label=_("Procès-verbal %(number)s") % {"number": record.document.number},
                by=by,
                at=at,
            )


def _journal(record, *, by, at) -> None:
    iteration = record.iteration
    journal.record(
        by=by,
        action="startups.iteration_decide",
        obj=iteration,
        at=at,
        reason=record.reason,
        after={
            "decision": record.decision,
            "record": record.document.number,
            "recorded_days": record.recorded_days,
            "facts": record.document.facts,
        },
        **capacity(by, iteration),
    )
