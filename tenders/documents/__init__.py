"""Documents of this stage, by subject: the acts of the procedure, the report of the analysis, the letters."""

from foundation.documents.registry import register, register_dossier
from tenders.documents import acts, dossiers, letters, papers, report
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
from tenders.documents.letters import request_letters
from tenders.documents.report import request_analysis_report

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
    for kind in (*acts.KINDS, *letters.KINDS, *report.KINDS, *papers.KINDS):
        register(kind)
    register_dossier(dossiers.TENDER)
