"""What the platform does with documents (read by foundation/database/grants.py)."""

ADDED = {"documents.Batch"}
CHANGED = {"documents.Retention", "documents.Series"}
