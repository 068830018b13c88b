"""Agreements, work units, ceilings, orders: one file per subject."""

from framework_agreements.models.agreements import AgreementLot, Beneficiary, FrameworkAgreement, Holder
from framework_agreements.models.ceilings import Ceiling, ConsumptionEntry
from framework_agreements.models.orders import OrderLine, ProgressEntry, PurchaseOrder
from framework_agreements.models.work_units import ExpectedDeliverable, UnitPrice, WorkUnit

__all__ = [
    "AgreementLot",
    "Beneficiary",
    "Ceiling",
    "ConsumptionEntry",
    "ExpectedDeliverable",
    "FrameworkAgreement",
    "Holder",
    "OrderLine",
    "ProgressEntry",
    "PurchaseOrder",
    "UnitPrice",
    "WorkUnit",
]
