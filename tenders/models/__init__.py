from .analysis import Award, Score
from .bids import Bid, Offer, OfferPrice, OpenedFacts, OpenedFile, SealedPart
from .changes import Change
from .criteria import CostItem, Criterion, ImpactQuestion, QualityLevel
from .custody import Contribution, CustodianKey, InterestDeclaration, KeyShare, TenderKey
from .notices import Lot, PriceLine, Tender, TenderCounter, TenderDocument
from .review import Drafter, Review, ReviewComment
from .rounds import Round

__all__ = [
    "Award",
    "Bid",
    "Change",
    "Contribution",
    "CostItem",
    "Criterion",
    "CustodianKey",
    "Drafter",
    "ImpactQuestion",
    "InterestDeclaration",
    "KeyShare",
    "Lot",
    "Offer",
    "OfferPrice",
    "OpenedFacts",
    "OpenedFile",
    "PriceLine",
    "QualityLevel",
    "Review",
    "ReviewComment",
    "Round",
    "Score",
    "SealedPart",
    "Tender",
    "TenderCounter",
    "TenderDocument",
    "TenderKey",
]
