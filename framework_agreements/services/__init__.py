"""Writes of framework agreements and orders: each service is one transaction, locked, journalled."""

from framework_agreements.services.agreements import (
    agreement_activate,
    agreement_create,
    agreement_end,
    agreement_renew,
    agreement_update,
)
from framework_agreements.services.awards import agreement_create_from_award, agreement_follow_awards
from framework_agreements.services.composition import (
    beneficiary_add,
    catalogue_load,
    holder_add,
    lot_add,
    prices_set,
)
from framework_agreements.services.drafts import LineDraft, order_add_line, order_create, order_update
from framework_agreements.services.orders import (
    order_acknowledge,
    order_cancel,
    order_complete,
    order_issue,
)
from framework_agreements.services.progress import order_record_progress

__all__ = [
    "LineDraft",
    "agreement_activate",
    "agreement_create",
    "agreement_create_from_award",
    "agreement_end",
    "agreement_follow_awards",
    "agreement_renew",
    "agreement_update",
    "beneficiary_add",
    "catalogue_load",
    "holder_add",
    "lot_add",
    "order_acknowledge",
    "order_add_line",
    "order_cancel",
    "order_complete",
    "order_create",
    "order_issue",
    "order_record_progress",
    "order_update",
    "prices_set",
]
