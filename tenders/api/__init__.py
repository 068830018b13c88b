"""Consultations, bids and their analysis through the API."""

from tenders.api.analysis import LotViewSet, OfferViewSet
from tenders.api.bids import BidViewSet
from tenders.api.candidatures import CandidatureViewSet, ComplementViewSet
from tenders.api.papers import OwnClauseViewSet, PaperViewSet
from tenders.api.questions import AnswerViewSet, QuestionViewSet
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
    ("tender-papers", PaperViewSet, "tender-paper"),
    ("own-clauses", OwnClauseViewSet, "own-clause"),
    ("tender-questions", QuestionViewSet, "tender-question"),
    ("tender-answers", AnswerViewSet, "tender-answer"),
]
