"""Startups: anyone reads the public part; the named product owner decides, the holder delivers."""

from datetime import date, timedelta
from decimal import Decimal

from framework_agreements import services as agreements
from startups import services
from startups.models import Startup
from tests.access.matrix import EVERYONE, Row, both
from tests.framework_agreements.factories import make_draft_agreement
from tests.startups.factories import START, make_startup, make_story

OPENERS = frozenset({"product_owner@own*", "product_owner@other", "prescriber@own*", "prescriber@other"})
OWNER = frozenset({"product_owner@own"})
BUYERS = frozenset({"buyer@own*"})
HOLDER = frozenset({"supplier@firm"})
FOLLOWER_ROLES = (
    "product_owner",
    "prescriber",
    "buyer",
    "elected",
    "framework_admin",
    "auditor",
    "signatory",
)
ADMINISTRATION = frozenset(f"{role}@own*" for role in FOLLOWER_ROLES)
READERS = ADMINISTRATION | HOLDER
WORKERS = frozenset(f"{role}@{side}" for role in FOLLOWER_ROLES for side in ("own*", "other"))
WORKERS |= {"supplier@firm", "supplier@rival"}


def order_of(world):
    """An order issued by `own` to `firm`."""
    admin, at = world.user("framework_admin@own"), world.at
    agreement = make_draft_agreement(admin, world.own, beneficiaries=[(world.own, None)], holders=0, at=at)
    lot = agreement.lots.get()
    holder = agreements.holder_add(lot=lot, organisation=world.firm, rank=1, by=admin, at=at)
    prices = {unit: Decimal(900) for unit in lot.work_units.all()}
    agreements.prices_set(holder=holder, prices=prices, by=admin, at=at)
    served_at = at - timedelta(days=10)
    agreement = agreements.agreement_activate(agreement=agreement, served_at=served_at, by=admin, at=at)
    lot = agreement.lots.get()
    unit = lot.work_units.get(code="UO-L2.2.2")
    buyer = world.user("buyer@own")
    order = agreements.order_create(
        lot=lot,
        holder=holder,
        beneficiary=agreement.beneficiaries.get(),
        title="Une équipe",
        lines=[agreements.LineDraft(unit, Decimal(1))],
        by=buyer,
        at=at,
    )
    return agreements.order_issue(order=order, by=buyer, at=at)


def startup(world):
    """A startup in investigation."""
    owner = world.user("product_owner@own")
    return {"slug": make_startup(organisation=world.own, product_owner=owner, at=world.at).slug}


def paid(world):
    """A startup paid by an order of the firm."""
    found = startup(world)
    order = order_of(world)
    services.order_link(
        startup=Startup.objects.get(**found), order=order, by=world.user("product_owner@own"), at=world.at
    )
    return found


def with_indicator(world):
    """A startup that counts something."""
    found = startup(world)
    indicator = services.indicator_add(
        startup=Startup.objects.get(**found),
        name="Lieux",
        unit="lieux",
        by=world.user("product_owner@own"),
        at=world.at,
    )
    return {**found, "indicator_pk": indicator.pk}


def _iteration(world):
    found = Startup.objects.get(**paid(world))
    owner = world.user("product_owner@own")
    return services.iteration_plan(
        startup=found,
        order=found.order_links.get().order,
        goal="Un but",
        start_date=START,
        end_date=date(2026, 3, 20),
        by=owner,
        at=world.at,
    )


def _running(world):
    iteration = _iteration(world)
    make_story(iteration, by=world.user("product_owner@own"), at=world.at)
    return services.iteration_start(iteration=iteration, by=world.user("supplier@firm"), at=world.at)


def _shown(world):
    iteration = _running(world)
    holder = world.user("supplier@firm")
    services.story_present(story=iteration.stories.get(), by=holder, at=world.at)
    return services.iteration_demonstrate(iteration=iteration, minutes="Montré", by=holder, at=world.at)


def page_of(iteration, **more):
    """How a page names the iteration."""
    return {"slug": iteration.startup.slug, "number": iteration.number, **more}


def planned(world):
    """A planned iteration, on its page."""
    return page_of(_iteration(world))


def shown(world):
    """A demonstrated iteration, on its page."""
    return page_of(_shown(world))


def planned_story(world):
    """A story that may still be taken out."""
    iteration = _iteration(world)
    return page_of(
        iteration, story_pk=make_story(iteration, by=world.user("product_owner@own"), at=world.at).pk
    )


def running_story(world):
    """A story that may be presented."""
    iteration = _running(world)
    return page_of(iteration, story_pk=iteration.stories.get().pk)


def shown_story(world):
    """A story that awaits its decision."""
    iteration = _shown(world)
    return page_of(iteration, story_pk=iteration.stories.get().pk)


def deliverable(world):
    """A deliverable that is due."""
    iteration = _running(world)
    return page_of(iteration, deliverable_pk=iteration.deliverables.first().pk)


def api_of(make):
    """How the API names an iteration."""

    def made(world):
        return {"pk": make(world).pk}

    return made


def api_story(make):
    """How the API names the story of an iteration."""

    def made(world):
        return {"pk": make(world)["story_pk"]}

    return made


def api_deliverable(world):
    """How the API names a deliverable."""
    iteration = _running(world)
    return {"pk": iteration.pk, "deliverable_pk": iteration.deliverables.first().pk}


def api_incubator(world):
    """An incubator."""
    return {"pk": Startup.objects.get(**startup(world)).incubator_id}


ROWS = {
    "startups:list": Row(allowed=EVERYONE),
    "startups:detail": Row(allowed=EVERYONE, make=paid),
    "startups:iterations": Row(allowed=WORKERS),
    "startups:create": both(allowed=OPENERS),
    "startups:incubator_create": both(allowed=OPENERS),
    "startups:update": both(allowed=OWNER, make=startup),
    "startups:phase": both(allowed=OWNER, make=startup),
    "startups:order_link": both(allowed=OWNER | BUYERS, make=startup),
    "startups:indicator_add": both(allowed=OWNER, make=startup),
    "startups:measure_record": both(allowed=OWNER, make=with_indicator),
    "startups:iteration_plan": both(allowed=OWNER, make=paid),
    "startups:iteration": Row(allowed=READERS, make=planned),
    "startups:iteration_start": Row(allowed=OWNER | HOLDER, make=planned, method="post"),
    "startups:iteration_cancel": both(allowed=OWNER, make=planned),
    "startups:iteration_demonstrate": both(allowed=HOLDER, make=lambda world: page_of(_running(world))),
    "startups:iteration_decide": both(allowed=OWNER, make=shown),
    "startups:story_add": both(allowed=OWNER | HOLDER, make=planned),
    "startups:story_remove": Row(allowed=OWNER | HOLDER, make=planned_story, method="post"),
    "startups:story_present": Row(allowed=HOLDER, make=running_story, method="post"),
    "startups:story_validate": Row(allowed=OWNER, make=shown_story, method="post"),
    "startups:story_refuse": both(allowed=OWNER, make=shown_story),
    "startups:deliverable_deliver": both(allowed=HOLDER, make=deliverable),
    "api:incubator-list": Row(allowed=EVERYONE),
    "api:incubator-detail": Row(allowed=EVERYONE, make=api_incubator),
    "api:startup-list": [Row(allowed=EVERYONE), Row(allowed=OPENERS, method="post")],
    "api:startup-detail": [
        Row(allowed=EVERYONE, make=startup),
        Row(allowed=OWNER, make=startup, method="patch"),
    ],
    "api:startup-phase": Row(allowed=OWNER, make=startup, method="post"),
    "api:startup-link-order": Row(allowed=OWNER | BUYERS, make=startup, method="post"),
    "api:startup-add-indicator": Row(allowed=OWNER, make=startup, method="post"),
    "api:startup-record-measure": Row(allowed=OWNER, make=startup, method="post"),
    "api:iteration-list": [
        Row(allowed=EVERYONE),
        Row(allowed=OWNER, make=lambda w: startup(w) and {}, method="post"),
    ],
    "api:iteration-detail": Row(allowed=READERS, make=api_of(_iteration)),
    "api:iteration-add-story": Row(allowed=OWNER | HOLDER, make=api_of(_iteration), method="post"),
    "api:iteration-start": Row(allowed=OWNER | HOLDER, make=api_of(_iteration), method="post"),
    "api:iteration-cancel": Row(allowed=OWNER, make=api_of(_iteration), method="post"),
    "api:iteration-demonstrate": Row(allowed=HOLDER, make=api_of(_running), method="post"),
    "api:iteration-decide": Row(allowed=OWNER, make=api_of(_shown), method="post"),
    "api:iteration-deliver": Row(allowed=HOLDER, make=api_deliverable, method="post"),
    "api:story-list": Row(allowed=EVERYONE),
    "api:story-detail": [
        Row(allowed=READERS, make=api_story(planned_story)),
        Row(allowed=OWNER | HOLDER, make=api_story(planned_story), method="delete"),
    ],
    "api:story-present": Row(allowed=HOLDER, make=api_story(running_story), method="post"),
    "api:story-validate": Row(allowed=OWNER, make=api_story(shown_story), method="post"),
    "api:story-refuse": Row(allowed=OWNER, make=api_story(shown_story), method="post"),
}
