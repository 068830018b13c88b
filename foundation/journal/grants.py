"""What the platform does with the journal, besides what triggers watch over (foundation/database/grants.py)."""

WRITTEN_BY_A_TRIGGER = {"journal.Link"}
