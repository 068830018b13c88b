"""Documents of this stage, by subject: the acts of the procedure, what is written of the analysis."""

from foundation.documents.registry import register, register_dossier
from tenders.documents import acts, analysis, dossiers
from tenders.documents.acts import (
    AWARD_NOTICE,
    OPENING_RECORD,
    PRICE_SCHEDULE,
    RECEIPT,
    request_award_notice,
    request_opening_record,
    request_price_schedule,
    request_receipt,
)
from tenders.documents.analysis import request_analysis_report, request_letters

__all__ = [
    "AWARD_NOTICE",
    "OPENING_RECORD",
    "PRICE_SCHEDULE",
    "RECEIPT",
    "declare",
    "request_analysis_report",
    "request_award_notice",
    "request_letters",
    "request_opening_record",
    "request_price_schedule",
    "request_receipt",
]


def declare() -> None:
    """Make the kinds and the dossier known to the foundation."""
    for kind in (*acts.KINDS, *analysis.KINDS):
        register(kind)
    register_dossier(dossiers.TENDER)
