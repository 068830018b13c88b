"""The same rights on consultations through the API; a deposit is made by token only."""

from foundation.accounts.enums import Role
from tenders.models import Bid, Criterion, Lot
from tests.access.matrix import EVERYONE, Row
from tests.access.tenders import (
    BIDDER,
    BUYERS,
    BUYERS_PEOPLE,
    DECIDERS,
    EVALUATORS,
    OFFER_READERS,
    SUPPLIERS,
    draft,
    drafted,
    in_review,
    opened,
    opened_file,
    opened_lot,
    opened_offer,
    project,
    publish,
    published,
    sealed,
    to_decide,
    uploaded,
)

# A consultation that is seen, of which one part is for the buyer's people.
SEEN_IN_PART = frozenset({403, 404})


def a_project(world):
    """A project on which a consultation may start; the list takes no argument."""
    project(world)
    return {}


def draft_lot(world):
    """A lot of a draft."""
    return {"pk": drafted(world).lots.get().pk}


def criterion_of_a_draft(world):
    """A lot of a draft, and one of its criteria."""
    lot = drafted(world).lots.get()
    return {"pk": lot.pk, "criterion": lot.criteria.first().pk}


def public_lot(world):
    """A lot of a published consultation."""
    return {"pk": publish(world, drafted(world)).lots.get().pk}


def lot_to_analyse(world):
    """A lot whose offers are opened."""
    return {"pk": opened_lot(world)["lot_pk"]}


def offer(world):
    """An opened offer."""
    return {"pk": opened_offer(world)["offer_pk"]}


def an_upload(world):
    """What the supplier of the firm is sending."""
    return {"pk": uploaded(world).session_id}


def an_uploaded_file(world):
    """One of its files."""
    file = uploaded(world)
    return {"pk": file.session_id, "file_pk": file.pk}


def sealed_bid(world):
    """A sealed bid of the firm."""
    return {"pk": sealed(world).pk}


def opened_bid(world):
    """The same, opened."""
    opened(world)
    return {"pk": Bid.objects.get().pk}


def opened_part(world):
    """A file of an opened bid."""
    found = opened_file(world)
    return {"pk": Bid.objects.get().pk, "part_pk": found["part_pk"]}


def two_custodians(world):
    """Whom to name."""
    people = [world.user(f"{Role.CUSTODIAN}@{side}") for side in ("own", "own-bystander")]
    return {"emails": [person.email for person in people], "threshold": 2}


def a_mark(world):
    """A mark on the first quality criterion."""
    lot = Lot.objects.get()
    criterion = Criterion.objects.filter(lot=lot, kind="quality").first()
    return {"criterion": criterion.pk, "points": "3", "comment": "Solide."}


WHY = {"reason": "Le besoin a changé."}
CRITERIA = {"criteria": [{"label": "Prix", "kind": "price", "weight": "100.00"}]}
LINES = {"lines": [{"code": "UO-1", "label": "Unité", "unit": "unité", "simulated_quantity": "1"}]}

ROWS = {
    "api:tender-list": [Row(allowed=EVERYONE), Row(allowed=BUYERS, make=a_project, method="post")],
    "api:tender-detail": [
        Row(allowed=EVERYONE, make=published),
        Row(allowed=BUYERS_PEOPLE, make=draft),
        Row(allowed=BUYERS, make=draft, method="patch", data={"title": "Autre titre"}),
    ],
    "api:tender-add-lot": Row(allowed=BUYERS, make=draft, method="post", data={"title": "Lot"}),
    "api:tender-load-prices": Row(allowed=BUYERS, make=draft, method="post", data={"code": "inconnu"}),
    "api:tender-custodians": Row(allowed=BUYERS, make=draft, method="put", data=two_custodians),
    "api:tender-checklist": Row(allowed=BUYERS_PEOPLE, make=draft),
    "api:tender-publish": Row(allowed=BUYERS, make=draft, method="post"),
    "api:tender-review": [
        Row(allowed=BUYERS_PEOPLE, make=in_review),
        Row(allowed=BUYERS, make=draft, method="post"),
    ],
    "api:tender-approve": Row(allowed=BUYERS | DECIDERS, make=in_review, method="post"),
    "api:tender-send-back": Row(
        allowed=BUYERS | DECIDERS, make=in_review, method="post", data={"reason": "À revoir."}
    ),
    "api:tender-comment": Row(
        allowed=BUYERS | DECIDERS, make=in_review, method="post", data={"section": "lots", "text": "Oui."}
    ),
    "api:tender-changes": Row(allowed=EVERYONE, make=published),
    "api:tender-extension": Row(
        allowed=BUYERS,
        make=published,
        method="post",
        data={"due_at": "2030-01-01T12:00:00Z", "reason": "Panne."},
    ),
    "api:tender-cancel": Row(allowed=BUYERS | DECIDERS, make=published, method="post", data=WHY),
    "api:tender-deposit": Row(
        allowed=SUPPLIERS, make=published, method="post", by_token=True, ok={201, 415, 422}
    ),
    "api:tender-interests": Row(
        allowed=BUYERS_PEOPLE, make=published, method="post", data={"has_interest": False}
    ),
    "api:tender-opening": Row(
        allowed={"custodian@own"}, make=published, method="post", data={"passphrase": "une phrase"}
    ),
    "api:tender-opening-shares": Row(allowed={"custodian@own"}, make=published, ok={422}),
    "api:tender-award": Row(allowed=DECIDERS, make=to_decide, method="post"),
    "api:tender-lot-detail": [
        Row(allowed=EVERYONE, make=public_lot),
        Row(allowed=BUYERS_PEOPLE, make=draft_lot),
        Row(allowed=BUYERS, make=draft_lot, method="put", data={"title": "Lot"}),
        Row(allowed=BUYERS, make=draft_lot, method="delete"),
    ],
    "api:tender-lot-criteria": Row(allowed=BUYERS, make=draft_lot, method="put", data=CRITERIA),
    "api:tender-lot-notation": Row(allowed=BUYERS, make=criterion_of_a_draft, method="put", data={}),
    "api:tender-lot-impact-questions": Row(
        allowed=BUYERS, make=draft_lot, method="put", data={"questions": []}
    ),
    "api:tender-lot-price-lines": Row(allowed=BUYERS, make=draft_lot, method="put", data=LINES),
    "api:tender-lot-ranking": Row(
        allowed=OFFER_READERS - EVALUATORS, make=lot_to_analyse, refused=SEEN_IN_PART
    ),
    "api:tender-lot-submit-scores": Row(allowed=EVALUATORS, make=lot_to_analyse, method="post"),
    "api:tender-lot-award": Row(allowed=BUYERS, make=lot_to_analyse, method="post"),
    "api:tender-lot-leave": Row(allowed=BUYERS, make=lot_to_analyse, method="post", data=WHY),
    "api:offer-list": Row(allowed=EVERYONE),
    "api:offer-detail": Row(allowed=OFFER_READERS, make=offer),
    "api:offer-score": Row(allowed=EVALUATORS, make=offer, method="post", data=a_mark),
    "api:upload-list": [
        Row(allowed=EVERYONE),
        Row(method="post", allowed=SUPPLIERS, data={}, ok={422}),
    ],
    "api:upload-detail": [
        Row(allowed=BIDDER, make=an_upload),
        Row(allowed=BIDDER, make=an_upload, method="delete"),
    ],
    "api:upload-key": Row(allowed=BIDDER, make=an_upload, method="post", data={}, ok={422}),
    "api:upload-add-file": Row(
        allowed=BIDDER, make=an_upload, method="post", data={"name": "a.pdf", "size": 3}
    ),
    "api:upload-send": [
        Row(allowed=BIDDER, make=an_uploaded_file, method="delete"),
        Row(allowed=BIDDER, make=an_uploaded_file, method="put", ok={415}),
    ],
    "api:upload-deposit": Row(allowed=BIDDER, make=an_upload, method="post", data={"prices": {}}, ok={422}),
    "api:bid-list": Row(allowed=EVERYONE),
    "api:bid-detail": [
        Row(allowed=BIDDER, make=sealed_bid),
        Row(allowed=OFFER_READERS | BIDDER, make=opened_bid),
    ],
    "api:bid-withdraw": Row(allowed=BIDDER, make=sealed_bid, method="post"),
    "api:bid-receipt": Row(allowed=BIDDER, make=sealed_bid, ok={200, 422}),
    "api:bid-content": Row(allowed=OFFER_READERS | BIDDER, make=opened_part),
}
