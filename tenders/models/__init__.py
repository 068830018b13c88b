from .analysis import Award, Score
from .bids import Bid, Offer, OfferPrice, OpenedFacts, OpenedFile, SealedPart
from .changes import Change
from .contract import Challenge, Contract, Deed, ReasonRequest, RequestedPiece
from .criteria import CostItem, Criterion, ImpactQuestion, QualityLevel
from .custody import Contribution, CustodianKey, InterestDeclaration, KeyShare, TenderKey
from .evaluation import ConsensusMark, ConsensusSession, LowOfferReview, OfferExclusion, TieBreak
from .negotiation import Commitment, Negotiation, NegotiationMeeting, NegotiationTopic, TopicNote
from .notices import Lot, PriceLine, Tender, TenderCounter, TenderDocument
from .review import Drafter, Review, ReviewComment
from .rounds import Round

__all__ = [
    "Award",
    "Bid",
    "Challenge",
    "Change",
    "Commitment",
    "ConsensusMark",
    "ConsensusSession",
    "Contract",
    "Contribution",
    "CostItem",
    "Criterion",
    "CustodianKey",
    "Deed",
    "Drafter",
    "ImpactQuestion",
    "InterestDeclaration",
    "KeyShare",
    "Lot",
    "LowOfferReview",
    "Negotiation",
    "NegotiationMeeting",
    "NegotiationTopic",
    "Offer",
    "OfferExclusion",
    "OfferPrice",
    "OpenedFacts",
    "OpenedFile",
    "PriceLine",
    "QualityLevel",
    "ReasonRequest",
    "RequestedPiece",
    "Review",
    "ReviewComment",
    "Round",
    "Score",
    "SealedPart",
    "Tender",
    "TenderCounter",
    "TenderDocument",
    "TenderKey",
    "TieBreak",
    "TopicNote",
]
