"""What the platform does with files of firms, besides what triggers watch over (foundation/database/grants.py)."""

CHANGED = {"concierge.Capacity", "concierge.Reference", "concierge.SupplierFile"}
DELETED = {"concierge.Capacity", "concierge.Certificate", "concierge.Reference", "concierge.YearFigures"}
