"""What the platform does with tokens and kept answers (read by foundation/database/grants.py)."""

CHANGED = {"api.AccessToken", "api.KeptAnswer", "api.Program"}
DELETED = {"api.AccessToken", "api.KeptAnswer"}
