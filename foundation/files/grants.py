"""What the platform does with what was found in files (read by foundation/database/grants.py)."""

ADDED = {"files.Inspection"}
