from .alarms import OpeningAlarm
from .analysis import Award, Score
from .bids import Bid, Offer, OfferPrice, OpenedFacts, OpenedFile, SealedPart
from .candidatures import (
    Candidature,
    CandidatureDocument,
    ComplementAnswer,
    ComplementItem,
    ComplementRequest,
    ConsortiumMember,
    PresentedSubcontractor,
)
from .changes import Change
from .contract import Challenge, Contract, Deed, ReasonRequest, RequestedPiece
from .criteria import CostItem, Criterion, ImpactQuestion, QualityLevel
from .custody import CustodianKey, Custody, InterestDeclaration, Seat
from .evaluation import (
    ConsensusMark,
    ConsensusSession,
    DeclaredCost,
    LowOfferReview,
    OfferExclusion,
    TieBreak,
)
from .files import InspectionAttempt, TenderDocument
from .followers import Follower, SavedSearch, SearchHit
from .keys import BidKey, BidShare, Contribution
from .negotiation import Commitment, Negotiation, NegotiationMeeting, NegotiationTopic, TopicNote
from .notices import Lot, PriceLine, Tender, TenderCounter
from .papers import OwnClause, Paper, PaperClause, PaperValue, PaperVersion
from .practice import PracticeDeposit, PracticePart
from .progress import PlannedStage
from .questions import Answer, Question, QuestionFile
from .recovery import KeyRehearsal, ShareLoss
from .review import Drafter, Review, ReviewComment
from .rounds import Round
from .uploads import UploadedFile, UploadEvent, UploadSession

__all__ = [
    "Answer",
    "Award",
    "Bid",
    "BidKey",
    "BidShare",
    "Candidature",
    "CandidatureDocument",
    "Challenge",
    "Change",
    "Commitment",
    "ComplementAnswer",
    "ComplementItem",
    "ComplementRequest",
    "ConsensusMark",
    "ConsensusSession",
    "ConsortiumMember",
    "Contract",
    "Contribution",
    "CostItem",
    "Criterion",
    "CustodianKey",
    "Custody",
    "DeclaredCost",
    "Deed",
    "Drafter",
    "Follower",
    "ImpactQuestion",
    "InspectionAttempt",
    "InterestDeclaration",
    "KeyRehearsal",
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
    "OpeningAlarm",
    "OwnClause",
    "Paper",
    "PaperClause",
    "PaperValue",
    "PaperVersion",
    "PlannedStage",
    "PracticeDeposit",
    "PracticePart",
    "PresentedSubcontractor",
    "PriceLine",
    "QualityLevel",
    "Question",
    "QuestionFile",
    "ReasonRequest",
    "RequestedPiece",
    "Review",
    "ReviewComment",
    "Round",
    "SavedSearch",
    "Score",
    "SealedPart",
    "SearchHit",
    "Seat",
    "ShareLoss",
    "Tender",
    "TenderCounter",
    "TenderDocument",
    "TieBreak",
    "TopicNote",
    "UploadEvent",
    "UploadSession",
    "UploadedFile",
]
