"""Person-days done on the lines of an order (CCTP § 7.2)."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.errors import Refusal
from foundation.journal import services as journal
from framework_agreements.enums import OrderState
from framework_agreements.models import OrderLine, ProgressEntry

RUNNING = (OrderState.ISSUED, OrderState.ACKNOWLEDGED)


@transaction.atomic
def order_record_progress(*, line, days, activity, source_label, by, at) -> ProgressEntry:
    """Add `days` person-days done on `line`, for an operational activity; `source_label` says who saw it
    (an acceptance record, a person). Negative days correct an earlier entry, never below zero.

    The caller checks who may: the acceptance of an iteration in `startups`, `rules.can_record_progress` for
    the screen. Raises Refusal: order not running, zero days, activity empty, total below zero.
    """
    line = (
        OrderLine.objects.select_related("order__beneficiary__organisation")
        .select_for_update(of=("self",))
        .get(pk=line.pk)
    )
    _check(line, days, activity)
    entry = ProgressEntry.objects.create(
        line=line,
        days=days,
        activity=activity.strip(),
        source_label=source_label,
        recorded_by=by,
        recorded_at=at,
    )
    line.done_days += days
    line.save(update_fields=["done_days"])
    journal.record(
        by=by,
        action="framework_agreements.progress_record",
        obj=line.order,
        at=at,
        after={"line": line.position, "days": days, "done_days": line.done_days, "activity": entry.activity},
        organisation=line.order.beneficiary.organisation,
    )
    return entry


def _check(line, days, activity):
    if line.order.state not in RUNNING:
        raise Refusal(
            _("Des jours s’inscrivent sur un bon de commande émis et non soldé : celui-ci est « %(state)s ».")
            % {"state": line.order.get_state_display()},
            code="conflict",
        )
    if not days:
        raise Refusal(_("Saisissez un nombre de jours-homme différent de zéro."), field="days")
    if not activity.strip():
        raise Refusal(_("Dites à quelle activité ces jours ont servi."), field="activity")
    if line.done_days + days < 0:
        raise Refusal(
            _("Cette correction retire plus de jours qu’il n’en a été inscrit : %(done)s au plus.")
            % {"done": line.done_days},
            field="days",
        )
