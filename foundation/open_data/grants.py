"""What the platform does with open data, besides what triggers watch over (foundation/database/grants.py)."""

CHANGED = {"open_data.Record"}
