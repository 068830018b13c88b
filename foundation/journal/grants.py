"""What the platform does with the journal (read by foundation/database/grants.py)."""

WRITTEN_BY_A_TRIGGER = {"journal.Link"}
