from .analysis import Award, Score
from .bids import Bid, Offer, OfferPrice, OpenedFacts, OpenedFile, SealedPart
from .criteria import CostItem, Criterion, ImpactQuestion, QualityLevel
from .custody import Contribution, CustodianKey, InterestDeclaration, KeyShare, TenderKey
from .notices import Lot, PriceLine, Tender, TenderCounter, TenderDocument
from .rounds import Round

__all__ = [
    "Award",
    "Bid",
    "Contribution",
    "CostItem",
    "Criterion",
    "CustodianKey",
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
    "Round",
    "Score",
    "SealedPart",
    "Tender",
    "TenderCounter",
    "TenderDocument",
    "TenderKey",
]
