"""How every write of this app takes its row: locked until the end of the transaction."""

from django.utils.translation import gettext as _

from foundation.accounts.enums import Role
from foundation.errors import Refusal
from startups import rules
from startups.models import Iteration, Startup, Story


def locked_startup(startup) -> Startup:
    """The startup's row, locked."""
    rows = Startup.objects.select_related("organisation", "incubator", "product_owner")
    return rows.select_for_update(of=("self",)).get(pk=startup.pk)


def locked_iteration(iteration) -> Iteration:
    """The iteration's row, locked, with what rules and documents read around it."""
    rows = Iteration.objects.select_related(
        "startup__organisation",
        "startup__incubator",
        "startup__product_owner",
        "order__agreement",
        "order__lot",
        "order__holder__organisation",
        "order__beneficiary__organisation",
    )
    return rows.select_for_update(of=("self",)).get(pk=iteration.pk)


def locked_story(story) -> Story:
    """The story's row, locked after its iteration: a decision never runs beside the acceptance record."""
    iteration = locked_iteration(story.iteration)
    story = iteration.stories.select_related("order_line").select_for_update(of=("self",)).get(pk=story.pk)
    story.iteration = iteration
    return story


def capacity(by, iteration) -> dict:
    """As whom ``by`` acts on an iteration, for the journal: the holder's firm, or the administration."""
    if rules.is_holder(by, iteration):
        return {"organisation": iteration.order.holder.organisation, "role": Role.SUPPLIER}
    return {"organisation": iteration.startup.organisation, "role": Role.PRODUCT_OWNER}


def forbid_unless(allowed: bool) -> None:
    """Raise the refusal of who may not."""
    if not allowed:
        raise Refusal(_("Vous n'avez pas le droit de faire cette action."), code="forbidden")
