"""Messages this app sends: a demonstration awaits its record, a decision was taken."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.accounts.enums import Role
from foundation.accounts.selectors import users_with_role, with_stand_ins
from foundation.notifications import services
from foundation.notifications.registry import MessageKind, register

_EXAMPLE = {
    "startup": "Mon suivi",
    "number": 3,
    "goal": "Suivre sa demande depuis son téléphone",
    "holder": "Collectif Code Public",
}

KINDS = [
    MessageKind(
        "startups.iteration_demonstrated",
        _("Itération démontrée"),
        "iteration_demonstrated",
        example=_EXAMPLE,
    ),
    MessageKind(
        "startups.iteration_decided",
        _("Décision sur une itération"),
        "iteration_decided",
        legal=_("la décision vous est notifiée (art. 33 et 34 du CCAG-TIC)"),
        example={
            **_EXAMPLE,
            "decision": "Admission",
            "reason": "",
            "record": "PV-2026-0004",
            "days": "12.5",
        },
    ),
]


def declare() -> None:
    """Make the kinds known to the outbox."""
    for kind in KINDS:
        register(kind)


def tell_demonstrated(iteration, *, at) -> None:
    """Tell the product owner that stories await a decision."""
    services.notify(
        kind="startups.iteration_demonstrated",
        recipients=with_stand_ins(
            iteration.startup.product_owner, iteration.startup.organisation, Role.PRODUCT_OWNER
        ),
        obj=iteration,
        context=_context(iteration),
        url=_url(iteration),
        at=at,
        event=f"demonstrated {iteration.demonstrated_at}",
    )


def tell_decided(record, *, at) -> None:
    """Tell the holder what was decided."""
    iteration = record.iteration
    services.notify(
        kind="startups.iteration_decided",
        recipients=users_with_role(iteration.order.holder.organisation, Role.SUPPLIER),
        obj=iteration,
        context={
            **_context(iteration),
            "decision": str(record.get_decision_display()),
            "reason": record.reason,
            "record": record.document.number,
            "days": str(record.recorded_days),
        },
        url=_url(iteration),
        at=at,
        event=f"record {record.pk}",
    )


def _context(iteration) -> dict:
    return {
        "startup": iteration.startup.name,
        "number": iteration.number,
        "goal": iteration.goal,
        "holder": iteration.order.holder.organisation.name,
    }


def _url(iteration) -> str:
    return reverse("startups:iteration", args=[iteration.startup.slug, iteration.number])
