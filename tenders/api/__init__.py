"""Consultations, bids and their analysis through the API."""

from tenders.api.analysis import LotViewSet, OfferViewSet
from tenders.api.bids import BidViewSet
from tenders.api.candidatures import CandidatureViewSet, ComplementViewSet
from tenders.api.contracts import ContractViewSet, RequestedPieceViewSet
from tenders.api.evaluation import ScoreViewSet
from tenders.api.exclusions import LowOfferViewSet
from tenders.api.negotiation import MeetingViewSet
from tenders.api.papers import OwnClauseViewSet, PaperViewSet
from tenders.api.questions import AnswerViewSet, QuestionViewSet
from tenders.api.remedies import ReasonRequestViewSet
from tenders.api.tenders import TenderViewSet
from tenders.api.uploads import UploadViewSet

ROUTES = [
    ("tenders", TenderViewSet, "tender"),
    ("tender-lots", LotViewSet, "tender-lot"),
    ("bids", BidViewSet, "bid"),
    ("uploads", UploadViewSet, "upload"),
    ("candidatures", CandidatureViewSet, "candidature"),
    ("complements", ComplementViewSet, "complement"),
    ("offers", OfferViewSet, "offer"),
    ("scores", ScoreViewSet, "score"),
    ("low-offers", LowOfferViewSet, "low-offer"),
    ("negotiation-meetings", MeetingViewSet, "negotiation-meeting"),
    ("contracts", ContractViewSet, "contract"),
    ("requested-pieces", RequestedPieceViewSet, "requested-piece"),
    ("reason-requests", ReasonRequestViewSet, "reason-request"),
    ("tender-papers", PaperViewSet, "tender-paper"),
    ("own-clauses", OwnClauseViewSet, "own-clause"),
    ("tender-questions", QuestionViewSet, "tender-question"),
    ("tender-answers", AnswerViewSet, "tender-answer"),
]
