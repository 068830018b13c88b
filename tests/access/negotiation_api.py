"""The negotiation through the API: led by the buyers, each candidate in its own meeting only."""

from tenders.models import Lot
from tests.access import tenders as pages
from tests.access.evaluation_api import lot_of
from tests.access.matrix import EVERYONE, Row
from tests.access.tenders import BIDDER, BUYERS, READ_AT_ONCE
from tests.access.tenders_api import SEEN_IN_PART
from tests.access.tenders_public import whole_file


def prepared(world):
    """A meeting in preparation."""
    return {"pk": pages.meeting(world)["meeting_pk"]}


def invited(world):
    """The same, its candidate being invited."""
    return {"pk": pages.invited_meeting(world).pk}


def planned(world):
    """The same, its slot being chosen."""
    return {"pk": pages.planned_meeting(world)["meeting_pk"]}


def to_close(world):
    """A consultation under negotiation."""
    return {"pk": pages.to_invite(world)["pk"]}


def first_lot(world):
    """The first of two lots of a draft."""
    return {"pk": pages.two_lots(world)["lot_pk"]}


EXPORTERS = BUYERS | pages.DECIDERS | {"auditor@own*"}
LATER = "2030-01-01T12:00:00Z"
NEXT = {"kind": "offer", "due_at": LATER, "invited": []}
ROWS = {
    "api:tender-lot-negotiation-topics": Row(
        allowed=READ_AT_ONCE, make=lot_of(pages.negotiable_lot), refused=SEEN_IN_PART
    ),
    "api:tender-lot-negotiation": [
        Row(allowed=READ_AT_ONCE, make=lot_of(pages.to_invite), refused=SEEN_IN_PART),
        Row(
            allowed=BUYERS,
            make=lot_of(pages.negotiable_lot),
            method="post",
            data={"other": "La sobriété", "minutes": 60},
        ),
    ],
    "api:tender-lot-invite-candidates": Row(allowed=BUYERS, make=lot_of(pages.to_invite), method="post"),
    "api:tender-final-offers": Row(allowed=BUYERS, make=to_close, method="post", data={"due_at": LATER}),
    "api:tender-rounds": [
        Row(allowed=EVERYONE, make=pages.published),
        Row(allowed=BUYERS, make=pages.opened, method="post", data=NEXT),
    ],
    "api:tender-whole-file": Row(allowed=EVERYONE, make=whole_file),
    "api:tender-procedure-file": Row(allowed=EXPORTERS, make=pages.inspected, method="post"),
    "api:tender-lot-copy-criteria": Row(
        allowed=BUYERS, make=first_lot, method="post", data=lambda world: {"other": Lot.objects.last().pk}
    ),
    "api:negotiation-meeting-list": Row(allowed=EVERYONE),
    "api:negotiation-meeting-detail": [
        Row(allowed=READ_AT_ONCE, make=prepared),
        Row(allowed=READ_AT_ONCE | BIDDER, make=invited),
    ],
    "api:negotiation-meeting-preparation": Row(
        allowed=BUYERS, make=prepared, method="put", data={"place": "Visio", "slots": [LATER]}
    ),
    "api:negotiation-meeting-slot": Row(
        allowed=BIDDER, make=invited, method="post", data={"starts_at": LATER}
    ),
    "api:negotiation-meeting-decline": Row(
        allowed=BIDDER, make=invited, method="post", data={"reason": "Nous maintenons."}
    ),
    "api:negotiation-meeting-commitments": Row(
        allowed=BUYERS,
        make=planned,
        method="post",
        data={"topic": 1, "clause": "Code ouvert", "indicator": "Part", "target": "100 %"},
        ok={201, 404},
    ),
    "api:negotiation-meeting-record": Row(allowed=BUYERS, make=planned, method="put", data={"outcomes": []}),
    "api:negotiation-meeting-sign": Row(allowed=BIDDER, make=planned, method="post"),
}
