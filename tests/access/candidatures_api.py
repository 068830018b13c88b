"""Candidatures, what completes them and the supplier's file, through the API."""

from concierge.models import SupplierFile
from tenders.models import Bid, Candidature
from tests.access import candidatures, concierge
from tests.access.matrix import EVERYONE, Row
from tests.access.tenders import BIDDER, BUYERS, OFFER_READERS, opened
from tests.access.tenders_api import sealed_bid


def candidature(world):
    """The firm's candidature, to be examined."""
    return {"pk": candidatures.candidature(world)["candidature_pk"]}


def decided(world):
    """The same, admitted."""
    return {"pk": candidatures.decided(world)["candidature_pk"]}


def item(world):
    """What the firm is asked."""
    bid = Bid.objects.get(pk=candidatures.asked(world)["bid_pk"])
    return {"pk": bid.candidature.asked.get().pk}


def answer(world):
    """What it answered."""
    found = candidatures.answered(world)
    return {"pk": Candidature.objects.get().asked.get().pk, **found}


def _file(world, made):
    found = made(world)
    row = found.get("row_pk")
    file = SupplierFile.objects.get(organisation=world.firm)
    return {"pk": file.pk, "row": row}


def capacity(world):
    """A capacity of the file of the firm."""
    return _file(world, concierge.capacity)


def reference(world):
    """A reference of it."""
    return _file(world, concierge.reference)


def certificate(world):
    """A paper of it."""
    return _file(world, concierge.certificate)


def file(world):
    """The file."""
    return {"pk": capacity(world)["pk"]}


def firm_to_write(world):
    """What begins the file of the firm."""
    return {"organisation": world.firm.pk}


KEEPERS, WHY = concierge.KEEPERS, {"ground": "capacity", "reason": "Trop petite."}
A_REFERENCE = {"client": "Ville", "subject": "Site", "started_date": "2025-01-01"}
ROWS = {
    "api:candidature-list": Row(allowed=EVERYONE),
    "api:candidature-detail": Row(allowed=OFFER_READERS | BIDDER, make=candidature),
    "api:candidature-admit": Row(allowed=BUYERS, make=candidature, method="post"),
    "api:candidature-exclude": Row(allowed=BUYERS, make=candidature, method="post", data=WHY),
    "api:candidature-reconsider": Row(allowed=BUYERS, make=decided, method="post"),
    "api:tender-complements": Row(
        allowed=BUYERS,
        make=opened,
        method="post",
        data={"due_at": "2030-01-01T12:00:00Z", "wanted": []},
    ),
    "api:tender-settle-candidatures": Row(allowed=BUYERS, make=candidatures.all_decided, method="post"),
    "api:complement-list": Row(allowed=EVERYONE),
    "api:complement-detail": Row(allowed=OFFER_READERS | BIDDER, make=item),
    "api:complement-reply": Row(allowed=BIDDER, make=item, method="post", data={"words": "La voici."}),
    "api:complement-answer-file": Row(allowed=OFFER_READERS | BIDDER, make=answer),
    "api:bid-read-again": Row(allowed=BIDDER, make=sealed_bid, method="post"),
    "api:supplier-file-list": [
        Row(allowed=EVERYONE),
        Row(allowed=concierge.ANY_KEEPER, method="post", data=firm_to_write),
    ],
    "api:supplier-file-detail": [
        Row(allowed=KEEPERS, make=file),
        Row(allowed=KEEPERS, make=file, method="patch", data={"insurer": "Mutuelle"}),
    ],
    "api:supplier-file-add-capacity": Row(allowed=KEEPERS, make=file, method="post", data={"title": "Code"}),
    "api:supplier-file-capacity": [
        Row(allowed=KEEPERS, make=capacity, method="put", data={"title": "Code"}),
        Row(allowed=KEEPERS, make=capacity, method="delete"),
    ],
    "api:supplier-file-add-reference": Row(allowed=KEEPERS, make=file, method="post", data=A_REFERENCE),
    "api:supplier-file-reference": [
        Row(allowed=KEEPERS, make=reference, method="put", data=A_REFERENCE),
        Row(allowed=KEEPERS, make=reference, method="delete"),
    ],
    "api:supplier-file-add-certificate": Row(allowed=KEEPERS, make=file, method="post", ok={415}),
    "api:supplier-file-certificate": [
        Row(allowed=KEEPERS, make=certificate),
        Row(allowed=KEEPERS, make=certificate, method="delete"),
    ],
}
