"""Purchase projects: the team and the buyers write, the auditor reads, for the others they do not exist."""

from foundation.accounts.enums import Role
from needs import services
from needs.models import PurchaseProject
from tests.access.matrix import SIGNED_IN, Row, both
from tests.accounts.factories import make_user
from tests.needs.factories import make_project, make_ready_project, make_strategy_line

OPENERS = frozenset({"buyer@own*", "buyer@other", "prescriber@own*", "prescriber@other"})
BUYERS = frozenset({"buyer@own*"})
WRITERS = frozenset({"buyer@own*", "elected@own"})
READERS = WRITERS | {"auditor@own*"}


def project(world):
    """A draft whose team has an elected official."""
    found = make_project(organisation=world.own, by=world.user("buyer@own"), at=world.at)
    elected = world.user(f"{Role.ELECTED}@own")
    services.member_add(project=found, email=elected.email, role="elected", by=found.created_by, at=world.at)
    return {"pk": found.pk}


def draft_with_a_line(world):
    """A draft that may be declared ready."""
    found = make_project(organisation=world.own, by=world.user("buyer@own"), at=world.at)
    make_strategy_line(found, at=world.at)
    return {"pk": found.pk}


def ready(world):
    """A ready project."""
    return {"pk": make_ready_project(organisation=world.own, by=world.user("buyer@own"), at=world.at).pk}


def member(world):
    """Somebody to take out of the team."""
    kwargs = project(world)
    buyer = world.user("buyer@own")
    opened = PurchaseProject.objects.get(**kwargs)
    added = services.member_add(project=opened, email=make_user().email, role="juror", by=buyer, at=world.at)
    return {**kwargs, "member_pk": added.pk}


def line(world):
    """A line of the strategy."""
    kwargs = project(world)
    opened = PurchaseProject.objects.get(**kwargs)
    return {**kwargs, "line_pk": make_strategy_line(opened, at=world.at).pk}


ROWS = {
    "needs:list": Row(allowed=SIGNED_IN),
    "needs:create": both(allowed=OPENERS),
    "needs:detail": Row(allowed=READERS, make=project),
    "needs:update": both(allowed=WRITERS, make=project),
    "needs:brief": both(allowed=WRITERS, make=project),
    "needs:make_ready": Row(allowed=BUYERS, make=draft_with_a_line, method="post"),
    "needs:take_back": Row(allowed=BUYERS, make=ready, method="post"),
    "needs:close": both(allowed=BUYERS, make=project),
    "needs:member_add": both(allowed=WRITERS, make=project),
    "needs:member_remove": Row(allowed=WRITERS, make=member, method="post"),
    "needs:line_add": both(allowed=WRITERS, make=project),
    "needs:line_update": both(allowed=WRITERS, make=line),
    "needs:line_remove": Row(allowed=WRITERS, make=line, method="post"),
    "api:purchase-project-list": [
        Row(allowed={"*"}),
        Row(allowed=OPENERS, method="post"),
    ],
    "api:purchase-project-detail": [
        Row(allowed=READERS, make=project),
        Row(allowed=WRITERS, make=project, method="patch"),
    ],
    "api:purchase-project-brief": Row(allowed=WRITERS, make=project, method="patch"),
    "api:purchase-project-add-member": Row(allowed=WRITERS, make=project, method="post"),
    "api:purchase-project-remove-member": Row(allowed=WRITERS, make=member, method="delete"),
    "api:purchase-project-add-strategy-line": Row(allowed=WRITERS, make=project, method="post"),
    "api:purchase-project-remove-strategy-line": Row(allowed=WRITERS, make=line, method="delete"),
    "api:purchase-project-make-ready": Row(allowed=BUYERS, make=draft_with_a_line, method="post"),
    "api:purchase-project-take-back": Row(allowed=BUYERS, make=ready, method="post"),
    "api:purchase-project-close": Row(allowed=BUYERS, make=project, method="post"),
}
