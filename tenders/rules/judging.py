"""Who reads what is asked, heard and signed around an offer: complements, low prices, meetings, contracts, reasons."""

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from foundation.accounts.enums import Role
from foundation.accounts.selectors import organisation_ids
from tenders import rules
from tenders.enums import MeetingState
from tenders.models import (
    ComplementItem,
    Contract,
    Lot,
    LowOfferReview,
    NegotiationMeeting,
    Offer,
    ReasonRequest,
    RequestedPiece,
    Score,
    Tender,
)


def complement_items_visible_to(user) -> QuerySet[ComplementItem]:
    """Who sees a candidature reads what it is asked to complete."""
    return ComplementItem.objects.filter(candidature__in=rules.candidatures_visible_to(user))


def _own(user) -> list[int]:
    return organisation_ids(user, Role.SUPPLIER)


def _ranked_by(user) -> QuerySet[Tender]:
    """The consultations whose offers this person reads and does not mark: he reads their ranking at once."""
    marks = organisation_ids(user, Role.EVALUATOR)
    return rules.tenders_with_offers_read_by(user).exclude(buyer_id__in=marks, state="opened")


def low_offers_visible_to(user) -> QuerySet[LowOfferReview]:
    """The firm whose prices are examined, and those who read the ranking of its lot."""
    inside = Q(offer__bid__tender__in=_ranked_by(user)) | Q(offer__lot__in=_marked(user))
    return LowOfferReview.objects.filter(Q(offer__bid__bidder_id__in=_own(user)) | inside)


def meetings_visible_to(user) -> QuerySet[NegotiationMeeting]:
    """A candidate once it is invited, and those who read the ranking of the lot."""
    invited = Q(offer__bid__bidder_id__in=_own(user)) & ~Q(state=MeetingState.PREPARED)
    inside = Q(offer__bid__tender__in=_ranked_by(user)) | Q(offer__lot__in=_marked(user))
    return NegotiationMeeting.objects.filter(invited | inside)


def _marked(user) -> QuerySet[Lot]:
    """The lots that this person judges and whose marks on the last round he has submitted (`reads_ranking`)."""
    if not user.is_authenticated:
        return Lot.objects.none()
    last = (
        Offer.objects.filter(lot=OuterRef("pk")).order_by("-bid__round__number").values("bid__round_id")[:1]
    )
    given = Score.objects.filter(
        offer__lot=OuterRef("pk"),
        offer__bid__round_id=OuterRef("last_round"),
        evaluator=user,
        submitted_at__isnull=False,
    )
    judged = Lot.objects.filter(tender__in=rules.tenders_with_offers_read_by(user))
    return judged.annotate(last_round=Subquery(last)).filter(Exists(given)).values("pk")


def contracts_visible_to(user) -> QuerySet[Contract]:
    """Those who read the offers, and the suppliers of the holder."""
    inside = Q(award__lot__tender__in=rules.tenders_with_offers_read_by(user))
    return Contract.objects.filter(inside | Q(award__bidder_id__in=_own(user)))


def pieces_visible_to(user) -> QuerySet[RequestedPiece]:
    """Who reads a contract reads the documents asked for it."""
    return RequestedPiece.objects.filter(contract__in=contracts_visible_to(user))


def reason_requests_visible_to(user) -> QuerySet[ReasonRequest]:
    """The firm that asked, and those who read the offers."""
    inside = Q(offer__bid__tender__in=rules.tenders_with_offers_read_by(user))
    return ReasonRequest.objects.filter(inside | Q(offer__bid__bidder_id__in=_own(user)))


def can_answer_reasons(user, request: ReasonRequest) -> bool:
    """A buyer of the organisation answers."""
    return rules.can_write_reports(user, request.offer.bid.tender)


def can_ask_reverse(user, contract: Contract) -> bool:
    """A buyer of the organisation asks the signatory to take an award back."""
    return rules.can_write_reports(user, contract.award.lot.tender)


def can_edit_score(user, score: Score) -> bool:
    """An evaluator changes his own mark until he submits it."""
    is_own = score.evaluator_id == getattr(user, "pk", None) and score.submitted_at is None
    return is_own and rules.can_score_tender(user, score.offer.bid.tender)
