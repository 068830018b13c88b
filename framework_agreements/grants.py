"""What the platform does with framework agreements (read by foundation/database/grants.py)."""

ADDED = {"framework_agreements.ExpectedDeliverable", "framework_agreements.WorkUnit"}
CHANGED = {"framework_agreements.AgreementLot", "framework_agreements.UnitPrice"}
DELETED = {"framework_agreements.Holder", "framework_agreements.OrderLine"}
