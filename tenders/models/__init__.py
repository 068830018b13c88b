from .analysis import Award, Score
from .bids import Bid, Offer, OfferPrice, OpenedFile, SealedPart
from .custody import Contribution, CustodianKey, InterestDeclaration, KeyShare, TenderKey
from .notices import Criterion, Lot, PriceLine, Tender, TenderCounter, TenderDocument

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
    "OpenedFile",
    "PriceLine",
    "Score",
    "SealedPart",
    "Tender",
    "TenderCounter",
    "TenderDocument",
    "TenderKey",
]
