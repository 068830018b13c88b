"""Who may see or do what on a startup, its iterations and their stories.

The public page of a startup is for anyone. Its orders, its iterations under way, its stories and its
acceptance records are for the administration that carries it and for the holder that is paid to build it.
"""

from django.db.models import Q, QuerySet

from foundation.accounts.enums import Role
from foundation.accounts.models import Organisation
from foundation.accounts.selectors import has_role, holds, organisation_ids, organisations_of, stands_for
from framework_agreements.enums import ORDERED_STATES
from framework_agreements.models import PurchaseOrder
from startups.enums import OPEN_STATES, IterationState, StoryState
from startups.models import Iteration, Startup, StartupOrder, Story

FOUNDERS = (Role.PRODUCT_OWNER, Role.PRESCRIBER)
FOLLOWERS = (
    Role.PRODUCT_OWNER,
    Role.PRESCRIBER,
    Role.BUYER,
    Role.ELECTED,
    Role.FRAMEWORK_ADMIN,
    Role.AUDITOR,
    Role.SIGNATORY,
)


def startups_visible_to(user) -> QuerySet[Startup]:
    """Anyone reads the public part of every startup."""
    return Startup.objects.all()


def organisations_for_new_startup(user) -> QuerySet[Organisation]:
    """Product owners and prescribers open startups, for their own administration."""
    return organisations_of(user, *FOUNDERS)


def opens_startups(user) -> bool:
    """Product owners and prescribers, wherever they are."""
    return holds(user, *FOUNDERS)


def can_create_startup(user, organisation) -> bool:
    """Product owners and prescribers of an administration open its startups."""
    return has_role(user, organisation, *FOUNDERS)


def is_product_owner(user, startup) -> bool:
    """The product owner named on the startup, as long as he holds that role in its administration, or his delegate."""
    return stands_for(user, startup.product_owner_id, startup.organisation_id, Role.PRODUCT_OWNER)


def can_edit_startup(user, startup) -> bool:
    """Its product owner writes its sheet, records the decisions on its phases and its impact."""
    return is_product_owner(user, startup)


def can_link_order(user, startup) -> bool:
    """Its product owner, and the buyers of its administration, say which orders pay it."""
    return is_product_owner(user, startup) or has_role(user, startup.organisation_id, Role.BUYER)


def orders_to_link(startup) -> QuerySet[PurchaseOrder]:
    """Orders issued for the administration of the startup and not yet linked to it."""
    linked = StartupOrder.objects.filter(startup=startup).values("order_id")
    issued = PurchaseOrder.objects.filter(state__in=ORDERED_STATES)
    return issued.filter(beneficiary__organisation_id=startup.organisation_id).exclude(pk__in=linked)


def startups_followed_by(user) -> QuerySet[Startup]:
    """Those whose private part this person reads: of his administration, or paid by his firm's orders."""
    held = StartupOrder.objects.filter(
        order__holder__organisation_id__in=organisation_ids(user, Role.SUPPLIER)
    )
    return Startup.objects.filter(
        Q(organisation_id__in=organisation_ids(user, *FOLLOWERS)) | Q(pk__in=held.values("startup_id"))
    )


def can_follow_startup(user, startup) -> bool:
    """The administration that carries it, and the firms that hold its orders, read its private part."""
    if has_role(user, startup.organisation_id, *FOLLOWERS):
        return True
    firms = organisation_ids(user, Role.SUPPLIER)
    links = startup.order_links.filter(order__holder__organisation_id__in=firms)
    return bool(firms) and links.exists()


def iterations_visible_to(user) -> QuerySet[Iteration]:
    """The administration reads every iteration of its startups; a holder those paid by its own orders."""
    return Iteration.objects.filter(
        Q(startup__organisation_id__in=organisation_ids(user, *FOLLOWERS))
        | Q(order__holder__organisation_id__in=organisation_ids(user, Role.SUPPLIER))
    )


def iterations_held_by(user) -> QuerySet[Iteration]:
    """Those paid by an order that this person's firm holds."""
    firms = organisation_ids(user, Role.SUPPLIER)
    return Iteration.objects.filter(order__holder__organisation_id__in=firms)


def orders_followed_by(user, startup) -> QuerySet[PurchaseOrder]:
    """The orders of a startup that this person reads: all from its administration, his own from a firm."""
    orders = PurchaseOrder.objects.filter(pk__in=startup.order_links.values("order_id"))
    if has_role(user, startup.organisation_id, *FOLLOWERS):
        return orders
    return orders.filter(holder__organisation_id__in=organisation_ids(user, Role.SUPPLIER))


def can_view_iteration(user, iteration) -> bool:
    """The administration that carries the startup, and the holder of the order that pays the iteration."""
    return has_role(user, iteration.startup.organisation_id, *FOLLOWERS) or is_holder(user, iteration)


def is_holder(user, iteration) -> bool:
    """Members of the firm that holds the order that pays the iteration."""
    return has_role(user, iteration.order.holder.organisation_id, Role.SUPPLIER)


def can_plan_iteration(user, startup) -> bool:
    """Its product owner plans the iterations."""
    return is_product_owner(user, startup)


def can_run_iteration(user, iteration) -> bool:
    """The product owner and the holder work as one team: both start it."""
    return is_product_owner(user, iteration.startup) or is_holder(user, iteration)


def can_write_stories(user, iteration) -> bool:
    """The product owner and the holder write the stories, until the demonstration."""
    return iteration.state in OPEN_STATES and can_run_iteration(user, iteration)


def can_cancel_iteration(user, iteration) -> bool:
    """Its product owner gives up an iteration that has not begun."""
    return is_product_owner(user, iteration.startup)


def can_demonstrate_iteration(user, iteration) -> bool:
    """The holder records the demonstration and its minutes."""
    return is_holder(user, iteration)


def can_decide_iteration(user, iteration) -> bool:
    """Only the product owner of the startup signs the acceptance record."""
    return is_product_owner(user, iteration.startup)


def can_deliver(user, iteration) -> bool:
    """The holder hands over the deliverables, until the administration has decided for good."""
    open_states = (*OPEN_STATES, IterationState.DEMONSTRATED, IterationState.DEFERRED)
    return iteration.state in open_states and is_holder(user, iteration)


def can_present_story(user, story) -> bool:
    """The holder says that a story is done and shown, again after a deferral."""
    if not is_holder(user, story.iteration):
        return False
    if story.iteration.state == IterationState.DEFERRED:
        return story.state in (StoryState.TODO, StoryState.REFUSED)
    return story.iteration.state == IterationState.RUNNING and story.state == StoryState.TODO


def can_settle_story(user, story) -> bool:
    """The product owner validates or refuses each story that was shown, once the demonstration took place."""
    shown = story.state in (StoryState.DONE, StoryState.VALIDATED, StoryState.REFUSED)
    demonstrated = story.iteration.state == IterationState.DEMONSTRATED
    return shown and demonstrated and is_product_owner(user, story.iteration.startup)


def stories_visible_to(user) -> QuerySet[Story]:
    """Those of the iterations this person reads."""
    return Story.objects.filter(iteration__in=iterations_visible_to(user).values("pk"))


def works_on_startups(user) -> bool:
    """Those who follow startups from an administration or a firm."""
    return holds(user, *FOLLOWERS, Role.SUPPLIER)
