"""Incubators, startups, their phases and the orders that pay them."""

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from foundation.accounts.enums import Role
from foundation.accounts.selectors import has_role
from foundation.errors import Refusal
from foundation.journal import services as journal
from startups import rules
from startups.enums import ACTIVE_PHASES, Phase
from startups.models import Incubator, PhasePeriod, Startup, StartupOrder
from startups.services.locking import forbid_unless, locked_startup
from startups.workflow import STARTUP

# Addresses of pages that stand beside those of the startups (startups/urls.py).
RESERVED_SLUGS = {"iterations", "nouvelle"}
SHEET_FIELDS = ("problem", "users", "solution", "success_conditions", "target_impacts", "website")


@transaction.atomic
def incubator_create(*, organisation, name, description="", by, at) -> Incubator:
    """Open an incubator; for those who open startups in the organisation."""
    forbid_unless(rules.can_create_startup(by, organisation))
    if Incubator.objects.filter(name__iexact=name.strip()).exists():
        raise Refusal(_("Un incubateur porte déjà ce nom."), field="name", code="conflict")
    incubator = Incubator.objects.create(
        organisation=organisation, name=name.strip(), description=description, created_at=at
    )
    journal.record(by=by, action="startups.incubator_create", obj=incubator, at=at, organisation=organisation)
    return incubator


@transaction.atomic
def startup_create(
    *, organisation, incubator, name, product_owner, by, at, started_date, origin="", **sheet
) -> Startup:
    """Open a startup in investigation, from ``started_date``; ``origin`` says who decided it.

    Raises ``Refusal`` when the name is taken, or when ``product_owner`` is not one in this administration.
    """
    forbid_unless(rules.can_create_startup(by, organisation))
    _check_product_owner(product_owner, organisation)
    startup = Startup(
        organisation=organisation,
        incubator=incubator,
        name=name.strip(),
        slug=slugify(name),
        product_owner=product_owner,
        created_at=at,
        updated_at=at,
    )
    _fill(startup, sheet)
    _check_name(startup)
    startup.save(force_insert=True)
    _open_period(startup, _("Ouverture de l'investigation"), origin, started_date, by=by, at=at)
    _record(startup, "startups.startup_create", by=by, at=at)
    return startup


@transaction.atomic
def startup_update(*, startup, by, at, **sheet) -> Startup:
    """Write the product sheet (``sheet``: the fields of ``SHEET_FIELDS``)."""
    startup = locked_startup(startup)
    forbid_unless(rules.can_edit_startup(by, startup))
    before = _facts(startup)
    _fill(startup, sheet)
    startup.updated_at = at
    startup.save()
    _record(startup, "startups.startup_update", by=by, at=at, before=before)
    return startup


@transaction.atomic
def phase_change(*, startup, transition, on_date, reason, by, at) -> Startup:
    """Apply a decision of the engagement committee, dated ``on_date``: close the phase, open the next one.

    Raises ``Refusal``: no reason, a date before the present phase, a condition of the table.
    """
    if not reason.strip():
        raise Refusal(_("Dites ce qui a décidé le comité : le motif reste lisible."), field="reason")
    startup = locked_startup(startup)
    before = _facts(startup)
    STARTUP.apply(startup, transition, by=by, at=at)
    current = startup.periods.select_for_update().get(ended_date__isnull=True)
    if on_date < current.started_date:
        raise Refusal(
            _("La phase en cours a commencé le %(day)s : la décision ne peut pas la précéder.")
            % {"day": current.started_date.strftime("%d/%m/%Y")},
            field="on_date",
        )
    current.ended_date = on_date
    current.save(update_fields=["ended_date"])
    startup.updated_at = at
    startup.save()
    label = str(STARTUP.find(transition).label)
    _open_period(startup, label, reason, on_date, by=by, at=at)
    _record(startup, "startups.phase_change", by=by, at=at, before=before, reason=reason.strip())
    return startup


@transaction.atomic
def order_link(*, startup, order, by, at) -> StartupOrder:
    """Say that an issued order of the administration pays this startup."""
    startup = locked_startup(startup)
    forbid_unless(rules.can_link_order(by, startup))
    if not rules.orders_to_link(startup).filter(pk=order.pk).exists():
        raise Refusal(
            _("Choisissez un bon de commande émis pour %(name)s et pas encore rattaché à cette startup.")
            % {"name": startup.organisation.name},
            field="order",
        )
    link = StartupOrder.objects.create(startup=startup, order=order, linked_by=by, linked_at=at)
    _record(startup, "startups.order_link", by=by, at=at, after={"order": order.pk})
    return link


def _check_product_owner(person, organisation) -> None:
    if not has_role(person, organisation, Role.PRODUCT_OWNER):
        raise Refusal(
            _("%(name)s n'est pas responsable de produit dans cette administration.")
            % {"name": person.full_name},
            field="product_owner",
        )


def _check_name(startup) -> None:
    if not startup.slug:
        raise Refusal(_("Donnez un nom avec des lettres : il sert d'adresse à la page."), field="name")
    if startup.slug in RESERVED_SLUGS:
        raise Refusal(
            _("Ce nom est celui d'une page de la plateforme : choisissez-en un autre."), field="name"
        )
    if Startup.objects.filter(slug=startup.slug).exists():
        raise Refusal(_("Une startup porte déjà ce nom."), field="name", code="conflict")


def _fill(startup, sheet) -> None:
    for field in sheet.keys() & set(SHEET_FIELDS):
        setattr(startup, field, sheet[field])
    if not startup.problem.strip():
        raise Refusal(_("Une startup commence par un problème précis : décrivez-le."), field="problem")


def _open_period(startup, decision, reason, day, *, by, at) -> None:
    PhasePeriod.objects.create(
        startup=startup,
        phase=startup.phase,
        started_date=day,
        # A startup that ended has no phase under way: its last period is a single day.
        ended_date=None if Phase(startup.phase) in ACTIVE_PHASES else day,
        decision=decision,
        reason=reason.strip(),
        decided_by=by,
        decided_at=at,
    )


def _facts(startup) -> dict:
    return {"phase": startup.phase, **{field: getattr(startup, field) for field in SHEET_FIELDS}}


def _record(startup, action, *, by, at, before=None, after=None, reason="") -> None:
    journal.record(
        by=by,
        action=action,
        obj=startup,
        at=at,
        reason=reason,
        before=before,
        after=after or _facts(startup),
        organisation=startup.organisation,
    )
