"""What the platform does with documents, besides what triggers watch over (foundation/database/grants.py)."""

ADDED = {"documents.Batch"}
CHANGED = {"documents.Retention", "documents.Series"}
