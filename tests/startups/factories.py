"""Plain functions that make startups and iterations for tests, through the services."""

import itertools
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from foundation.accounts.enums import Role
from foundation.accounts.models import User
from framework_agreements.models import PurchaseOrder
from startups import services
from startups.models import Iteration, Startup, Story
from tests.accounts.factories import make_buyer_org, make_member
from tests.framework_agreements.factories import World, make_issued_order, make_world

_numbers = itertools.count(1)
START = date(2026, 3, 2)
SHEET = {
    "problem": "Les usagers ne savent pas si l'entrée d'un lieu est praticable.",
    "solution": "Une description ouverte des entrées.",
    "success_conditions": "Les gestionnaires décrivent eux-mêmes leur lieu.",
    "target_impacts": "Des déplacements qui aboutissent.",
}


@dataclass
class Delivery:
    """A startup in construction, the order that pays it and the people around it."""

    world: World
    startup: Startup
    order: PurchaseOrder
    product_owner: User
    supplier: User


def make_startup(*, organisation=None, product_owner=None, at=None, started_date=START, **fields) -> Startup:
    """A startup in investigation with its whole sheet."""
    from foundation.clock import now

    at = at or now()
    organisation = organisation or make_buyer_org()
    owner = product_owner or make_member(organisation, Role.PRODUCT_OWNER)
    incubator = services.incubator_create(
        organisation=organisation, name=f"Incubateur {next(_numbers)}", by=owner, at=at
    )
    fields.setdefault("name", f"Startup {next(_numbers)}")
    return services.startup_create(
        organisation=organisation,
        incubator=incubator,
        product_owner=owner,
        started_date=started_date,
        origin="Comité du printemps",
        by=owner,
        at=at,
        **{**SHEET, **fields},
    )


def make_delivery(**options) -> Delivery:
    """A startup in construction of the beneficiary of a running agreement, with a linked issued order."""
    world = make_world(**options)
    owner = world.product_owner
    startup = make_startup(organisation=world.beneficiary.organisation, product_owner=owner, at=world.at)
    startup = services.phase_change(
        startup=startup, transition="build", on_date=START, reason="Fiche validée", by=owner, at=world.at
    )
    order = make_issued_order(world)
    services.order_link(startup=startup, order=order, by=owner, at=world.at)
    return Delivery(world, startup, order, owner, world.supplier)


def make_iteration(delivery: Delivery, *, start=START, days=19, goal="Décrire une entrée") -> Iteration:
    """A planned iteration of `days` days."""
    return services.iteration_plan(
        startup=delivery.startup,
        order=delivery.order,
        goal=goal,
        start_date=start,
        end_date=start + timedelta(days=days - 1),
        by=delivery.product_owner,
        at=delivery.world.at,
    )


def make_story(iteration: Iteration, *, by, at, days="3", line=None, **fields) -> Story:
    """A story paid by the first line of the order."""
    fields = {
        "persona": "gestionnaire d'un lieu",
        "want": "décrire l'entrée",
        "benefit": "dire si l'on peut entrer en fauteuil",
        "criteria": "La fiche se remplit au téléphone",
        **fields,
    }
    line = line or iteration.order.lines.order_by("position").first()
    return services.story_add(
        iteration=iteration, order_line=line, days=Decimal(days), by=by, at=at, **fields
    )


def make_demonstrated(delivery: Delivery, *, stories=("3", "2"), settle="validate", **options) -> Iteration:
    """An iteration shown to the product owner; each story validated, unless ``settle`` is empty."""
    at = delivery.world.at
    iteration = make_iteration(delivery, **options)
    made = [make_story(iteration, days=days, by=delivery.product_owner, at=at) for days in stories]
    services.iteration_start(iteration=iteration, by=delivery.supplier, at=at)
    for story in made:
        services.story_present(story=story, by=delivery.supplier, at=at)
    iteration = services.iteration_demonstrate(
        iteration=iteration, minutes="Montré à dix gestionnaires", by=delivery.supplier, at=at
    )
    if settle:
        for story in made:
            services.story_validate(story=story, by=delivery.product_owner, at=at)
    iteration.refresh_from_db()
    return iteration
