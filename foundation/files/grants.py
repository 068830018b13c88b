"""What the platform does with what was found in files, besides what triggers watch over (foundation/database/grants.py)."""

ADDED = {"files.Inspection"}
