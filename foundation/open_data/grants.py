"""What the platform does with open data (read by foundation/database/grants.py)."""

CHANGED = {"open_data.Record"}
