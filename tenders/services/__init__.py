"""Writes of consultations and bids: each service is one transaction, locked, journalled."""

from tenders.services.analysis import score_save, scores_submit
from tenders.services.award import lot_award, lot_leave, tender_award
from tenders.services.bids import bid_deposit, bid_withdraw, envelope_for
from tenders.services.changes import corrigendum_publish, extension_ask
from tenders.services.criteria import (
    criteria_copy,
    criteria_set,
    criterion_notation_set,
    impact_questions_set,
)
from tenders.services.custody import custodian_key_create
from tenders.services.drafting import (
    custodians_set,
    document_add,
    document_remove,
    lot_add,
    lot_remove,
    lot_update,
    price_lines_set,
    price_template_load,
    tender_create,
    tender_update,
)
from tenders.services.files import bid_file_download, opened_files_inspect
from tenders.services.inviting import firm_invite, firm_uninvite
from tenders.services.opening import (
    bid_file_read,
    contributions_forget,
    interest_declare,
    opening_contribute,
)
from tenders.services.publication import tender_cancel, tender_publish
from tenders.services.review import (
    comment_settle,
    review_approve,
    review_ask,
    review_comment,
    review_reopen,
    review_send_back,
)
from tenders.services.rounds import round_open_next

__all__ = [
    "bid_deposit",
    "bid_file_download",
    "bid_file_read",
    "bid_withdraw",
    "comment_settle",
    "contributions_forget",
    "corrigendum_publish",
    "criteria_copy",
    "criteria_set",
    "criterion_notation_set",
    "custodian_key_create",
    "custodians_set",
    "document_add",
    "document_remove",
    "envelope_for",
    "extension_ask",
    "firm_invite",
    "firm_uninvite",
    "impact_questions_set",
    "interest_declare",
    "lot_add",
    "lot_award",
    "lot_leave",
    "lot_remove",
    "lot_update",
    "opened_files_inspect",
    "opening_contribute",
    "price_lines_set",
    "price_template_load",
    "review_approve",
    "review_ask",
    "review_comment",
    "review_reopen",
    "review_send_back",
    "round_open_next",
    "score_save",
    "scores_submit",
    "tender_award",
    "tender_cancel",
    "tender_create",
    "tender_publish",
    "tender_update",
]
