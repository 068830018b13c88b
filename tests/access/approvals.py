"""What waits for a second person: seen by who asked and by those who may confirm."""

from foundation.accounts.enums import Role
from foundation.accounts.services import membership_add
from tests.access.matrix import SIGNED_IN, Row
from tests.accounts.factories import make_member, make_user

ADMINISTRATORS = frozenset({"org_admin@own", "org_admin@own-bystander"})


def asked(world):
    """Asked by an administrator whom the matrix does not know."""
    asker = make_member(world.own, Role.ORG_ADMIN)
    world.user("org_admin@own")
    approval = membership_add(
        organisation=world.own, user=make_user(), role=Role.SIGNATORY, by=asker, at=world.at
    )
    return {"pk": approval.pk}


ROWS = {
    "approvals:list": Row(allowed=SIGNED_IN),
    "approvals:detail": Row(allowed=ADMINISTRATORS, make=asked),
    "approvals:confirm": Row(allowed=ADMINISTRATORS, make=asked, method="post"),
    "approvals:refuse": Row(allowed=ADMINISTRATORS, make=asked, method="post"),
    "api:approval-list": Row(allowed=SIGNED_IN),
    "api:approval-export": Row(allowed=SIGNED_IN),
    "api:approval-detail": Row(allowed=ADMINISTRATORS, make=asked),
    "api:approval-confirm": Row(allowed=ADMINISTRATORS, make=asked, method="post"),
    "api:approval-refuse": Row(allowed=ADMINISTRATORS, make=asked, method="post"),
}
