"""Who judges, negotiates, prepares and signs contracts, and answers for a firm, by the role alone."""

from foundation.accounts.enums import Role
from foundation.accounts.models import Organisation
from foundation.accounts.selectors import has_role
from tenders.enums import TenderState
from tenders.models import (
    Bid,
    Contract,
    Lot,
    LowOfferReview,
    NegotiationMeeting,
    Offer,
    RequestedPiece,
    Score,
    Tender,
)


def can_prepare_contract(user, contract: Contract) -> bool:
    """A buyer of the organisation asks the future holder for its documents and checks them."""
    tender = contract.award.lot.tender
    return has_role(user, tender.buyer_id, Role.BUYER, about=tender)


def can_sign_contract(user, contract: Contract) -> bool:
    """A signatory of the organisation signs its contracts."""
    tender = contract.award.lot.tender
    return has_role(user, tender.buyer_id, Role.SIGNATORY, about=tender)


def can_serve_contract(user, contract: Contract) -> bool:
    """A buyer or a signatory of the organisation serves a signed contract on its holder."""
    return can_prepare_contract(user, contract) or can_sign_contract(user, contract)


def can_send_piece(user, piece: RequestedPiece) -> bool:
    """The suppliers of the future holder send the documents asked from it."""
    return has_role(user, piece.contract.award.bidder_id, Role.SUPPLIER)


def can_check_piece(user, piece: RequestedPiece) -> bool:
    """A buyer of the organisation accepts or refuses a document of the future holder."""
    return can_prepare_contract(user, piece.contract)


def can_speak_for_candidate(user, meeting: NegotiationMeeting) -> bool:
    """The suppliers of the candidate choose the slot and countersign the record."""
    return has_role(user, meeting.offer.bid.bidder_id, Role.SUPPLIER)


def can_answer_low_offer(user, review: LowOfferReview) -> bool:
    """The suppliers of the firm justify its prices."""
    return has_role(user, review.offer.bid.bidder_id, Role.SUPPLIER)


def can_reverse_award(user, tender: Tender) -> bool:
    """A signatory of the organisation takes a decided award back, asked by somebody else."""
    return has_role(user, tender.buyer_id, Role.SIGNATORY, about=tender)


def can_ask_reasons(user, offer: Offer) -> bool:
    """Once the award is decided, the suppliers of a firm that was not retained ask for the detailed reasons."""
    if offer.bid.tender.state != TenderState.AWARDED or not has_role(
        user, offer.bid.bidder_id, Role.SUPPLIER
    ):
        return False
    return not offer.awards.all()


def can_plan_stages(user, tender: Tender) -> bool:
    """A buyer of the organisation announces the dates of a consultation that goes on."""
    going_on = tender.state in (TenderState.PUBLISHED, TenderState.OPENED, TenderState.AWARDED)
    return going_on and has_role(user, tender.buyer_id, Role.BUYER, about=tender)


def can_negotiate(user, tender: Tender) -> bool:
    """A buyer of the organisation leads the negotiation while the offers are judged."""
    return tender.state == TenderState.OPENED and has_role(user, tender.buyer_id, Role.BUYER, about=tender)


def can_hear_candidate(user, meeting: NegotiationMeeting) -> bool:
    """A buyer of the organisation invites a candidate and shares the record."""
    return can_negotiate(user, meeting.offer.bid.tender)


def has_submitted_scores(user, lot: Lot) -> bool:
    """This person's marks on the offers of the last round of the lot are submitted, whole and final."""
    last = Offer.objects.filter(lot=lot).order_by("-bid__round__number").values("bid__round_id")[:1]
    given = Score.objects.filter(offer__lot=lot, evaluator=user, submitted_at__isnull=False)
    return given.filter(offer__bid__round_id__in=last).exists()


def can_follow_bid(user, bid: Bid) -> bool:
    """The history of a bid is for its bidder's members alone: when it was sent, replaced, withdrawn."""
    return has_role(user, bid.bidder_id, Role.SUPPLIER)


def can_score_tender(user, tender: Tender) -> bool:
    """Evaluators of the buyer score the offers once they are opened."""
    return tender.state == TenderState.OPENED and has_role(user, tender.buyer_id, Role.EVALUATOR)


def can_open_next_round(user, tender: Tender) -> bool:
    """A buyer of the organisation asks the candidates for new bids while he analyses the former ones."""
    return tender.state == TenderState.OPENED and has_role(user, tender.buyer_id, Role.BUYER, about=tender)


def can_award_lot(user, lot: Lot) -> bool:
    """A buyer of the organisation proposes the holders of a lot while the offers are analysed."""
    tender = lot.tender
    return tender.state == TenderState.OPENED and has_role(user, tender.buyer_id, Role.BUYER, about=tender)


def can_submit_bid(user, bidder: Organisation) -> bool:
    """A supplier answers for his own organisation."""
    return has_role(user, bidder, Role.SUPPLIER)


def can_publish_tender(user, tender: Tender) -> bool:
    """A buyer of the organisation publishes."""
    return has_role(user, tender.buyer_id, Role.BUYER, about=tender)


def can_cancel_tender(user, tender: Tender) -> bool:
    """A buyer or a signatory of the organisation gives up a consultation."""
    return has_role(user, tender.buyer_id, Role.BUYER, Role.SIGNATORY, about=tender)
