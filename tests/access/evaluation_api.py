"""Judging, contracts and remedies through the API: the same rights as on their pages."""

from tenders.models import Offer, Score
from tests.access import tenders as pages
from tests.access.matrix import EVERYONE, Row
from tests.access.tenders import (
    BIDDER,
    BUYERS,
    DECIDERS,
    EVALUATORS,
    OFFER_READERS,
    READ_AT_ONCE,
    awarded,
    awarded_tender,
    challenge,
    opened,
    to_decide,
    with_notice_due,
)
from tests.access.tenders_api import SEEN_IN_PART, lot_to_analyse, offer, sealed_bid
from tests.tenders.factories import score_all


def lot_of(make):
    """The lot that a page of the analysis names."""
    return lambda world: {"pk": make(world)["lot_pk"]}


def offer_of(make):
    """The offer that a page names."""
    return lambda world: {"pk": make(world)["offer_pk"]}


def a_score(world):
    """A mark submitted by the evaluator of the matrix."""
    tender = pages.opened_tender(world)
    score_all(tender, by=world.user("evaluator@own"))
    return {"pk": Score.objects.first().pk}


def low_offer(world):
    """The examination of the firm's price."""
    return {"pk": pages.asked_offer(world).pk}


def contract(world):
    """A contract to be signed."""
    return {"pk": pages.contract(world)["contract_pk"]}


def to_serve(world):
    """A signed one."""
    return {"pk": pages.signed_contract(world).pk}


def piece(world):
    """A document asked from the firm."""
    return {"pk": pages.asked_piece(world).pk}


def sent_piece(world):
    """The same, sent."""
    return {"pk": pages.sent_piece(world).pk}


def a_request(world):
    """The rival asks why."""
    return {"pk": pages.asked_reasons(world)["request_pk"]}


def rejected(world):
    """The offer of the rival, not retained."""
    tender = awarded_tender(world)
    return {"offer": Offer.objects.get(bid__tender=tender, bid__bidder=world.rival).pk}


def an_order(world):
    """The offers of the tied lot."""
    return {"order": list(Offer.objects.values_list("pk", flat=True)), "reason": "Le sort."}


def a_mark(world):
    """A mark to settle."""
    found = Score.objects.first()
    return {"offer": found.offer_id, "criterion": found.criterion_id, "points": "3", "reason": "Entre deux."}


RIVAL = frozenset({"supplier@rival"})
LATER = {"due_at": "2030-01-01T12:00:00Z"}
A_CHALLENGE = {"court": "TA", "claimant": "Un évincé", "filed_at": "2026-01-01T12:00:00Z"}
ROWS = {
    "api:score-list": Row(allowed=EVERYONE),
    "api:score-detail": Row(allowed=OFFER_READERS - EVALUATORS | {"evaluator@own"}, make=a_score),
    "api:tender-lot-comparison": Row(allowed=READ_AT_ONCE, make=lot_to_analyse, refused=SEEN_IN_PART),
    "api:tender-lot-consensus": [
        Row(allowed=READ_AT_ONCE | {"evaluator@own"}, make=lot_of(pages.consensus), refused=SEEN_IN_PART),
        Row(allowed={"evaluator@own"}, make=lot_of(pages.before_consensus), method="post"),
    ],
    "api:tender-lot-settle-mark": Row(
        allowed={"evaluator@own"}, make=lot_of(pages.consensus), method="post", data=a_mark
    ),
    "api:tender-lot-close-consensus": Row(
        allowed={"evaluator@own"}, make=lot_of(pages.consensus), method="post", data={"summary": "Vu."}
    ),
    "api:tender-lot-tie-break": Row(
        allowed=BUYERS, make=lot_of(pages.tied_lot), method="post", data=an_order
    ),
    "api:offer-exclude": Row(
        allowed=BUYERS, make=offer, method="post", data={"ground": "irregular", "reason": "Incomplète."}
    ),
    "api:offer-restore": Row(allowed=BUYERS, make=offer, method="post", data={"reason": "Erreur."}),
    "api:offer-costs": Row(
        allowed=BUYERS, make=offer_of(pages.offer_with_costs), method="put", data={"costs": []}
    ),
    "api:offer-low-offer": Row(
        allowed=BUYERS, make=offer, method="post", data={"question": "Comment ?", **LATER}
    ),
    "api:low-offer-list": Row(allowed=EVERYONE),
    "api:low-offer-detail": Row(allowed=READ_AT_ONCE | BIDDER, make=low_offer),
    "api:low-offer-reply": Row(allowed=BIDDER, make=low_offer, method="post", data={"answer": "Ainsi."}),
    "api:low-offer-decide": Row(
        allowed=BUYERS, make=low_offer, method="post", data={"is_justified": True, "reason": "Oui."}
    ),
    "api:bid-outcomes": Row(allowed=BIDDER, make=sealed_bid),
    "api:contract-list": Row(allowed=EVERYONE),
    "api:contract-detail": Row(allowed=OFFER_READERS | BIDDER, make=contract),
    "api:contract-ask-pieces": Row(
        allowed=BUYERS, make=contract, method="post", data={"labels": ["Kbis"], **LATER}
    ),
    "api:contract-sign": Row(allowed=DECIDERS, make=contract, method="post", ok={415}),
    "api:contract-serve": Row(allowed=BUYERS | DECIDERS, make=to_serve, method="post"),
    "api:contract-reverse": Row(
        allowed=BUYERS, make=contract, method="post", data={"ground": "error", "reason": "Une erreur."}
    ),
    "api:requested-piece-list": Row(allowed=EVERYONE),
    "api:requested-piece-detail": Row(allowed=OFFER_READERS | BIDDER, make=piece),
    "api:requested-piece-file": Row(allowed=OFFER_READERS | BIDDER, make=sent_piece),
    "api:requested-piece-send": Row(allowed=BIDDER, make=piece, method="post", ok={415}),
    "api:requested-piece-check": Row(
        allowed=BUYERS, make=sent_piece, method="post", data={"is_accepted": True}
    ),
    "api:reason-request-list": [
        Row(allowed=EVERYONE),
        Row(allowed=BIDDER | RIVAL, method="post", data=rejected, ok={201, 403, 404}),
    ],
    "api:reason-request-detail": Row(allowed=OFFER_READERS | RIVAL, make=a_request),
    "api:reason-request-reply": Row(allowed=BUYERS, make=a_request, method="post", data={"answer": "Voici."}),
    "api:tender-analysis-report": Row(allowed=BUYERS, make=opened, method="post"),
    "api:tender-letters": Row(allowed=BUYERS, make=to_decide, method="post"),
    "api:tender-submit-award": Row(allowed=BUYERS, make=to_decide, method="post"),
    "api:tender-award-notice": Row(allowed=BUYERS, make=with_notice_due, method="post"),
    "api:tender-challenges": [
        Row(allowed=OFFER_READERS, make=awarded, refused=SEEN_IN_PART),
        Row(allowed=BUYERS, make=awarded, method="post", data=A_CHALLENGE),
    ],
    "api:tender-end-challenge": Row(
        allowed=BUYERS, make=challenge, method="post", data={"outcome": "Rejeté."}
    ),
}
