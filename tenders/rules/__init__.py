"""Who may see or do what on consultations and bids."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from foundation.accounts.enums import Role
from foundation.accounts.models import Organisation
from foundation.accounts.rules import approves_own_act
from foundation.accounts.selectors import (
    has_role,
    holds,
    lent_inside,
    organisation_ids,
    organisations_of,
    principal_for,
)
from needs.models import PurchaseProject
from needs.rules import PROJECT_ITSELF, projects_visible_to
from tenders.enums import BidState, RoundState, TenderState, UploadState
from tenders.legal import PUBLISHING
from tenders.models import (
    Award,
    Bid,
    Candidature,
    ComplementAnswer,
    ComplementItem,
    Contract,
    Drafter,
    Lot,
    LowOfferReview,
    Offer,
    OpeningAlarm,
    Review,
    ReviewComment,
    Round,
    Score,
    Seat,
    Tender,
    UploadSession,
)
from tenders.rules.contracts import (
    can_answer_low_offer as can_answer_low_offer,
)
from tenders.rules.contracts import (
    can_ask_reasons as can_ask_reasons,
)
from tenders.rules.contracts import (
    can_award_lot as can_award_lot,
)
from tenders.rules.contracts import (
    can_cancel_tender as can_cancel_tender,
)
from tenders.rules.contracts import (
    can_check_piece as can_check_piece,
)
from tenders.rules.contracts import (
    can_follow_bid as can_follow_bid,
)
from tenders.rules.contracts import (
    can_hear_candidate as can_hear_candidate,
)
from tenders.rules.contracts import (
    can_negotiate as can_negotiate,
)
from tenders.rules.contracts import (
    can_open_next_round as can_open_next_round,
)
from tenders.rules.contracts import (
    can_plan_stages as can_plan_stages,
)
from tenders.rules.contracts import (
    can_prepare_contract as can_prepare_contract,
)
from tenders.rules.contracts import (
    can_publish_tender as can_publish_tender,
)
from tenders.rules.contracts import (
    can_reverse_award as can_reverse_award,
)
from tenders.rules.contracts import (
    can_score_tender as can_score_tender,
)
from tenders.rules.contracts import (
    can_send_piece as can_send_piece,
)
from tenders.rules.contracts import (
    can_serve_contract as can_serve_contract,
)
from tenders.rules.contracts import (
    can_sign_contract as can_sign_contract,
)
from tenders.rules.contracts import (
    can_speak_for_candidate as can_speak_for_candidate,
)
from tenders.rules.contracts import (
    can_submit_bid as can_submit_bid,
)
from tenders.rules.contracts import (
    has_submitted_scores as has_submitted_scores,
)
from tenders.rules.newcomers import (
    can_withdraw_bid as can_withdraw_bid,
)
from tenders.rules.newcomers import (
    newcomer_reasons as newcomer_reasons,
)
from tenders.rules.newcomers import (
    refuse_newcomer as refuse_newcomer,
)
from tenders.rules.newcomers import (
    replaced_by_deposit as replaced_by_deposit,
)

DRAFT_READERS = (
    Role.BUYER,
    Role.PRESCRIBER,
    Role.SIGNATORY,
    Role.CUSTODIAN,
    Role.EVALUATOR,
    Role.AUDITOR,
    Role.RESERVIST,
)
OFFER_READERS = (Role.BUYER, Role.EVALUATOR, Role.CUSTODIAN, Role.AUDITOR, Role.SIGNATORY)
TENDER_INSIDE = {"tenders.Tender": ("pk", "buyer_id"), "needs.PurchaseProject": ("project_id", "buyer_id")}
BID_INSIDE = {
    "tenders.Tender": ("tender_id", "tender__buyer_id"),
    "needs.PurchaseProject": ("tender__project_id", "tender__buyer_id"),
}
OFFER_INSIDE = {
    "tenders.Tender": ("bid__tender_id", "bid__tender__buyer_id"),
    "needs.PurchaseProject": ("bid__tender__project_id", "bid__tender__buyer_id"),
}
SCORE_INSIDE = {
    "tenders.Tender": ("offer__bid__tender_id", "offer__bid__tender__buyer_id"),
    "needs.PurchaseProject": ("offer__bid__tender__project_id", "offer__bid__tender__buyer_id"),
}
REVIEWERS = (Role.BUYER, Role.SIGNATORY)
"""Who may approve a draft that others wrote."""
AFTER_OPENING = (TenderState.OPENED, TenderState.AWARDED)


def projects_for_new_tender(user) -> QuerySet[PurchaseProject]:
    """A buyer opens consultations on the projects that he sees in the organisations where he buys."""
    buys = Q(organisation_id__in=organisation_ids(user, Role.BUYER))
    projects = projects_visible_to(user).filter(buys | lent_inside(user, PROJECT_ITSELF, Role.BUYER))
    return projects.select_related("organisation")


def opens_tenders(user) -> bool:
    """Buyers, wherever they are."""
    return bool(organisation_ids(user, Role.BUYER))


def can_create_tender(user, project: PurchaseProject) -> bool:
    """A buyer of the project's organisation drafts its consultations."""
    return has_role(user, project.organisation_id, Role.BUYER, about=project)


def tenders_visible_to(user) -> QuerySet[Tender]:
    """Everyone reads the consultations whose notice is published; without a notice, the invited firms do.

    Drafts are read by those who work on them at the buyer's.
    """
    own = Q(buyer_id__in=organisation_ids(user, *DRAFT_READERS))
    lent = lent_inside(user, TENDER_INSIDE, *DRAFT_READERS)
    published = Q(published_at__isnull=False)
    return Tender.objects.filter(own | lent | published & (Q(procedure__in=PUBLISHING) | _invites(user)))


def _invites(user) -> Q:
    """The consultations to which a firm of this supplier is invited."""
    firms = organisation_ids(user, Role.SUPPLIER)
    if not firms:
        return Q(pk__in=[])
    return Q(pk__in=Tender.invited.through.objects.filter(organisation_id__in=firms).values("tender_id"))


def works_on_tenders(user) -> bool:
    """Belongs, somewhere, to those who prepare, open, judge, sign or audit consultations."""
    return bool(organisation_ids(user, *DRAFT_READERS))


def works_for_buyer(user, tender: Tender) -> bool:
    """Belongs to those who prepare, open, judge, sign or audit this buyer's consultations."""
    return has_role(user, tender.buyer_id, *DRAFT_READERS, about=tender)


def can_edit_tender(user, tender: Tender) -> bool:
    """A buyer of the organisation edits a draft; nothing is edited once published."""
    return tender.state == TenderState.DRAFT and has_role(user, tender.buyer_id, Role.BUYER, about=tender)


def can_ask_review(user, tender: Tender) -> bool:
    """Who may write a draft puts it to review."""
    return can_edit_tender(user, tender)


def can_review_draft(user, review: Review) -> bool:
    """The second look is given by a buyer or a signatory who did not write the draft, nor acts for who did."""
    tender = review.tender
    if tender.state != TenderState.DRAFT:
        return False
    if not has_role(user, tender.buyer_id, *REVIEWERS, about=tender):
        return False
    drafters = {review.asked_by_id, *Drafter.objects.filter(tender=tender).values_list("user_id", flat=True)}
    principal = principal_for(user)
    return user.pk not in drafters and (principal is None or principal.pk not in drafters)


def can_reopen_review(user, review: Review) -> bool:
    """Who may write the draft takes the version back."""
    return can_edit_tender(user, review.tender)


def can_settle_comment(user, comment: ReviewComment) -> bool:
    """Who may write the draft says that a remark is dealt with."""
    return can_edit_tender(user, comment.review.tender)


def can_correct_tender(user, tender: Tender) -> bool:
    """A buyer of the organisation corrects a published consultation, or asks for a later deadline, until it opens."""
    return tender.state == TenderState.PUBLISHED and has_role(user, tender.buyer_id, Role.BUYER, about=tender)


def can_hold_custodian_key(user) -> bool:
    """Custodians, in any organisation, hold a personal key."""
    return bool(organisation_ids(user, Role.CUSTODIAN))


def can_contribute_to_opening(user, tender: Tender) -> bool:
    """Only the custodians who have a seat in its custody, and still are custodians there, open the bids."""
    named = has_role(user, tender.buyer_id, Role.CUSTODIAN)
    return named and Seat.objects.filter(custody__round__tender=tender, custodian=user).exists()


def can_open_round(user, round: Round) -> bool:
    """Only the custodians who have a seat in the custody of this round, and still are custodians there."""
    named = has_role(user, round.tender.buyer_id, Role.CUSTODIAN)
    return named and Seat.objects.filter(custody__round=round, custodian=user).exists()


def is_invited(bidder: Organisation, round: Round) -> bool:
    """Everyone answers the first round of a procedure that publishes a notice; otherwise the invited ones alone."""
    return not round.is_restricted or round.invited.filter(pk=bidder.pk).exists()


def answers_tenders(user) -> bool:
    """Suppliers, wherever they are; asks the database nothing more than the roles."""
    return holds(user, Role.SUPPLIER)


def bidders_for(user) -> QuerySet[Organisation]:
    """A supplier answers for the organisations whose supplier he is."""
    return organisations_of(user, Role.SUPPLIER)


def can_open_backup(user, bid: Bid) -> bool:
    """A buyer of the organisation opens a backup copy, from the opening until the award."""
    return can_examine_candidatures(user, bid.tender)


def can_decide_alarm(user, alarm: OpeningAlarm) -> bool:
    """A signatory of the buyer decides whether an opening goes on without the bids that an alarm names."""
    tender = alarm.round.tender
    return has_role(user, tender.buyer_id, Role.SIGNATORY, about=tender)


def can_tell_share_lost(user, seat: Seat) -> bool:
    """A custodian says that he lost his share; a buyer of the organisation does when he is gone."""
    tender = seat.custody.round.tender
    return user.pk == seat.custodian_id or has_role(user, tender.buyer_id, Role.BUYER, about=tender)


def can_send_more(user, session: UploadSession) -> bool:
    """Who began a sending goes on with it, while it is open."""
    is_own = session.opened_by_id == getattr(user, "pk", None)
    return is_own and session.state == UploadState.OPEN and has_role(user, session.bidder_id, Role.SUPPLIER)


def uploads_visible_to(user) -> QuerySet[UploadSession]:
    """Who sends follows what he sends; nobody else, even at his firm, before it is deposited."""
    if not user.is_authenticated:
        return UploadSession.objects.none()
    own = organisation_ids(user, Role.SUPPLIER)
    return UploadSession.objects.filter(opened_by=user, bidder_id__in=own)


def bids_visible_to(user) -> QuerySet[Bid]:
    """A bidder's members always see their own bids; the buyer's people see those of a round once it is opened."""
    own = Q(bidder_id__in=organisation_ids(user, Role.SUPPLIER))
    readers = Q(tender__buyer_id__in=organisation_ids(user, *OFFER_READERS))
    readable = Q(round__state=RoundState.OPENED, tender__state__in=AFTER_OPENING)
    opened = readable & (readers | lent_inside(user, BID_INSIDE, *OFFER_READERS))
    return Bid.objects.filter(own | opened)


def reads_offers(user, tender: Tender) -> bool:
    """After the opening, buyers, evaluators, custodians, signatories and auditors of the buyer read the
    offers.
    """
    return tender.state in AFTER_OPENING and has_role(user, tender.buyer_id, *OFFER_READERS, about=tender)


def tenders_with_offers_read_by(user) -> QuerySet[Tender]:
    """The consultations whose offers this person reads (`reads_offers`)."""
    readable = Q(buyer_id__in=organisation_ids(user, *OFFER_READERS))
    lent = lent_inside(user, TENDER_INSIDE, *OFFER_READERS)
    return Tender.objects.filter(readable | lent, state__in=AFTER_OPENING)


def can_write_reports(user, tender: Tender) -> bool:
    """A buyer of the organisation has the report and the letters written, once the offers are opened."""
    return tender.state in AFTER_OPENING and has_role(user, tender.buyer_id, Role.BUYER, about=tender)


def can_read_bid_content(user, bid: Bid) -> bool:
    """Content is read after the opening only, by the buyer's people and by the bidder itself."""
    if bid.state != BidState.OPENED:
        return False
    return reads_offers(user, bid.tender) or has_role(user, bid.bidder_id, Role.SUPPLIER)


def offers_visible_to(user) -> QuerySet[Offer]:
    """Offers (prices, scores) are seen by the buyer's people after the opening."""
    readers = Q(bid__tender__buyer_id__in=organisation_ids(user, *OFFER_READERS))
    lent = lent_inside(user, OFFER_INSIDE, *OFFER_READERS)
    return Offer.objects.filter(readers | lent, bid__tender__state__in=AFTER_OPENING)


def scores_visible_to(user) -> QuerySet[Score]:
    """An evaluator sees his own scores, and the others' on a criterion of an offer once he has submitted his
    own there; the rest of the buyer's people see those submitted. Once decided, nothing is hidden.
    """
    if not user.is_authenticated:
        return Score.objects.none()
    houses = Q(offer__bid__tender__buyer_id__in=organisation_ids(user, *OFFER_READERS))
    lent = lent_inside(user, SCORE_INSIDE, *OFFER_READERS)
    readers = Q(submitted_at__isnull=False) & (houses | lent)
    mine = Score.objects.filter(
        evaluator=user, offer=OuterRef("offer"), criterion=OuterRef("criterion"), submitted_at__isnull=False
    )
    must_score_first = Q(
        offer__bid__tender__buyer_id__in=organisation_ids(user, Role.EVALUATOR),
        offer__bid__tender__state=TenderState.OPENED,
    ) & ~Exists(mine)
    return Score.objects.filter((readers & ~must_score_first) | Q(evaluator=user))


def reads_ranking(user, lot: Lot) -> bool:
    """Those who read the offers read the ranking; while the offers are judged, an evaluator reads it once he
    has submitted his own marks on the lot.
    """
    if not reads_offers(user, lot.tender):
        return False
    return not can_score_tender(user, lot.tender) or has_submitted_scores(user, lot)


def can_hold_consensus(user, lot: Lot) -> bool:
    """The evaluators who have submitted their marks on the lot settle together what differs."""
    return can_score_tender(user, lot.tender) and has_submitted_scores(user, lot)


def can_exclude_offer(user, offer: Offer) -> bool:
    """A buyer of the organisation puts an offer out of the ranking, or back in it, while offers are judged."""
    return can_award_lot(user, offer.lot)


def can_decide_low_offer(user, review: LowOfferReview) -> bool:
    """A buyer of the organisation says whether the prices are justified."""
    return can_exclude_offer(user, review.offer)


def can_export_procedure(user, tender: Tender) -> bool:
    """After the opening, buyers, signatories and auditors of the organisation take the whole file away."""
    roles = (Role.BUYER, Role.SIGNATORY, Role.AUDITOR)
    return tender.state in AFTER_OPENING and has_role(user, tender.buyer_id, *roles, about=tender)


def reads_contract(user, contract: Contract) -> bool:
    """Those who read the offers, and the suppliers of the holder, read its contract and documents."""
    return reads_offers(user, contract.award.lot.tender) or has_role(
        user, contract.award.bidder_id, Role.SUPPLIER
    )


def can_decide_award(user, tender: Tender) -> bool:
    """A signatory of the organisation decides the award; who stands in for him does not decide what he proposed."""
    if not has_role(user, tender.buyer_id, Role.SIGNATORY, about=tender):
        return False
    proposers = Award.objects.filter(lot__tender=tender).values_list("proposed_by_id", flat=True)
    return not approves_own_act(user, proposers)


def can_examine_candidatures(user, tender: Tender) -> bool:
    """A buyer of the organisation examines the candidatures, from the opening until the award."""
    return tender.state == TenderState.OPENED and has_role(user, tender.buyer_id, Role.BUYER, about=tender)


def can_examine_candidature(user, candidature: Candidature) -> bool:
    """Who examines the candidatures of a consultation examines each of them."""
    return can_examine_candidatures(user, candidature.bid.tender)


def candidatures_visible_to(user) -> QuerySet[Candidature]:
    """The bidder's members and, after the opening, those who read the offers."""
    return Candidature.objects.filter(bid__in=bids_visible_to(user))


def can_answer_complement(user, item: ComplementItem) -> bool:
    """A supplier of the candidate completes its candidature."""
    return has_role(user, item.candidature.bid.bidder_id, Role.SUPPLIER)


def complement_answers_visible_to(user) -> QuerySet[ComplementAnswer]:
    """Who sees a candidature reads what completed it."""
    return ComplementAnswer.objects.filter(item__candidature__in=candidatures_visible_to(user))
