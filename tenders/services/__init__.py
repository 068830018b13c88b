"""Writes of consultations and bids: each service is one transaction, locked, journalled."""

from tenders.services.analysis import score_save, scores_submit
from tenders.services.award import award_submit, lot_award, lot_leave, tender_award
from tenders.services.bids import bid_deposit, bid_withdraw, envelope_for
from tenders.services.changes import corrigendum_publish, extension_ask
from tenders.services.consensus import consensus_close, consensus_open, consensus_settle, tie_break
from tenders.services.contracts import (
    award_notice_publish,
    contract_serve,
    contract_sign,
    piece_check,
    piece_send,
    pieces_ask,
)
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
from tenders.services.exclusions import (
    low_offer_answer,
    low_offer_ask,
    low_offer_decide,
    offer_exclude,
    offer_restore,
)
from tenders.services.files import bid_file_download, opened_files_inspect
from tenders.services.followers import (
    address_confirm,
    address_follow,
    address_leave,
    tender_follow,
    tender_unfollow,
    unproved_addresses_forget,
)
from tenders.services.inviting import firm_invite, firm_uninvite
from tenders.services.negotiation import (
    commitment_add,
    final_offers_ask,
    meeting_decline,
    meeting_prepare,
    negotiation_invite,
    negotiation_start,
    record_share,
    record_sign,
    slot_choose,
)
from tenders.services.opening import (
    bid_file_read,
    contributions_forget,
    interest_declare,
    opening_contribute,
)
from tenders.services.practice import practice_deposit, practice_envelope, practice_forget
from tenders.services.publication import tender_cancel, tender_publish
from tenders.services.questions import answer_remove, answer_write, answers_publish, question_ask
from tenders.services.remedies import (
    award_reverse,
    award_reverse_ask,
    challenge_end,
    challenge_record,
    reasons_answer,
    reasons_ask,
)
from tenders.services.review import (
    comment_settle,
    review_approve,
    review_ask,
    review_comment,
    review_reopen,
    review_send_back,
)
from tenders.services.rounds import round_open_next
from tenders.services.searches import search_change, search_remove, search_save, searches_tell

__all__ = [
    "address_confirm",
    "address_follow",
    "address_leave",
    "answer_remove",
    "answer_write",
    "answers_publish",
    "award_notice_publish",
    "award_reverse",
    "award_reverse_ask",
    "award_submit",
    "bid_deposit",
    "bid_file_download",
    "bid_file_read",
    "bid_withdraw",
    "challenge_end",
    "challenge_record",
    "comment_settle",
    "commitment_add",
    "consensus_close",
    "consensus_open",
    "consensus_settle",
    "contract_serve",
    "contract_sign",
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
    "final_offers_ask",
    "firm_invite",
    "firm_uninvite",
    "impact_questions_set",
    "interest_declare",
    "lot_add",
    "lot_award",
    "lot_leave",
    "lot_remove",
    "lot_update",
    "low_offer_answer",
    "low_offer_ask",
    "low_offer_decide",
    "meeting_decline",
    "meeting_prepare",
    "negotiation_invite",
    "negotiation_start",
    "offer_exclude",
    "offer_restore",
    "opened_files_inspect",
    "opening_contribute",
    "piece_check",
    "piece_send",
    "pieces_ask",
    "practice_deposit",
    "practice_envelope",
    "practice_forget",
    "price_lines_set",
    "price_template_load",
    "question_ask",
    "reasons_answer",
    "reasons_ask",
    "record_share",
    "record_sign",
    "review_approve",
    "review_ask",
    "review_comment",
    "review_reopen",
    "review_send_back",
    "round_open_next",
    "score_save",
    "scores_submit",
    "search_change",
    "search_remove",
    "search_save",
    "searches_tell",
    "slot_choose",
    "tender_award",
    "tender_cancel",
    "tender_create",
    "tender_follow",
    "tender_publish",
    "tender_unfollow",
    "tender_update",
    "tie_break",
    "unproved_addresses_forget",
]
