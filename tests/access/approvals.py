"""What waits for a second person: seen by who asked, by those who may confirm, and by the house it could surprise."""

from foundation.accounts.enums import Role
from foundation.accounts.services import membership_add
from tests.access.matrix import SIGNED_IN, Row
from tests.accounts.factories import make_member, make_platform_admin, make_user

ADMINISTRATORS = frozenset({"org_admin@own", "org_admin@own-bystander"})


def asked(world):
    """Asked by an administrator whom the matrix does not know."""
    asker = make_member(world.own, Role.ORG_ADMIN)
    world.user("org_admin@own")
    approval = membership_add(
        organisation=world.own, user=make_user(), role=Role.SIGNATORY, by=asker, at=world.at
    )
    return {"pk": approval.pk}


def asked_from_outside(world):
    """Asked by somebody of the platform: the house answers first, and anyone there may oppose."""
    world.user("org_admin@own")
    world.user("platform_admin@platform")
    approval = membership_add(
        organisation=world.own, user=make_user(), role=Role.ORG_ADMIN, by=make_platform_admin(), at=world.at
    )
    return {"pk": approval.pk}


HOUSE = frozenset({"*@own", "*@own-bystander"})
PLATFORM = frozenset({"platform_admin@platform"})
ROWS = {
    "approvals:list": Row(allowed=SIGNED_IN),
    "approvals:detail": [
        Row(allowed=ADMINISTRATORS, make=asked),
        Row(allowed=HOUSE | PLATFORM, make=asked_from_outside),
    ],
    "approvals:confirm": [
        Row(allowed=ADMINISTRATORS, make=asked, method="post"),
        Row(allowed=ADMINISTRATORS | PLATFORM, make=asked_from_outside, method="post"),
    ],
    "approvals:refuse": Row(allowed=ADMINISTRATORS, make=asked, method="post"),
    "approvals:oppose": [
        Row(allowed=HOUSE, make=asked_from_outside, method="post"),
        Row(allowed=(), make=asked, method="post"),
    ],
    "api:approval-list": Row(allowed=SIGNED_IN),
    "api:approval-export": Row(allowed=SIGNED_IN),
    "api:approval-detail": [
        Row(allowed=ADMINISTRATORS, make=asked),
        Row(allowed=HOUSE | PLATFORM, make=asked_from_outside),
    ],
    "api:approval-oppose": Row(
        allowed=HOUSE, make=asked_from_outside, method="post", data={"reason": "inconnue ici"}
    ),
    "api:approval-confirm": Row(allowed=ADMINISTRATORS, make=asked, method="post"),
    "api:approval-refuse": Row(allowed=ADMINISTRATORS, make=asked, method="post"),
}
