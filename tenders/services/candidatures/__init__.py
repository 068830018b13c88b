"""Candidatures: put in the envelope, born at the opening, completed, examined."""

from tenders.services.candidatures.birth import candidature_write
from tenders.services.candidatures.complements import Wanted, complement_answer, complements_ask
from tenders.services.candidatures.deposit import CandidatureDraft, candidature_seal
from tenders.services.candidatures.review import (
    candidature_admit,
    candidature_exclude,
    candidature_reconsider,
    candidatures_settle,
)
from tenders.services.candidatures.shortlist import offers_ask

__all__ = [
    "CandidatureDraft",
    "Wanted",
    "candidature_admit",
    "candidature_exclude",
    "candidature_reconsider",
    "candidature_seal",
    "candidature_write",
    "candidatures_settle",
    "complement_answer",
    "complements_ask",
    "offers_ask",
]
