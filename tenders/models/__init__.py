from .analysis import Award, Score
from .bids import Bid, Offer, OfferPrice, OpenedFacts, OpenedFile, SealedPart
from .custody import Contribution, CustodianKey, InterestDeclaration, KeyShare, TenderKey
from .notices import Criterion, Lot, PriceLine, Tender, TenderCounter, TenderDocument
from .rounds import Round

__all__ = [
    "Award",
    "Bid",
    "Contribution",
    "Criterion",
    "CustodianKey",
    "InterestDeclaration",
    "KeyShare",
    "Lot",
    "Offer",
    "OfferPrice",
    "OpenedFacts",
    "OpenedFile",
    "PriceLine",
    "Round",
    "Score",
    "SealedPart",
    "Tender",
    "TenderCounter",
    "TenderDocument",
    "TenderKey",
]
