"""What the platform does with files of firms (read by foundation/database/grants.py)."""

CHANGED = {"concierge.Capacity", "concierge.Reference", "concierge.SupplierFile"}
DELETED = {"concierge.Capacity", "concierge.Certificate", "concierge.Reference", "concierge.YearFigures"}
