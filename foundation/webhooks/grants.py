"""What the platform does with sendings to other systems (read by foundation/database/grants.py)."""

CHANGED = {"webhooks.Delivery", "webhooks.Secret"}
DELETED = {"webhooks.Delivery", "webhooks.Endpoint", "webhooks.Secret"}
ADDED = {"webhooks.Attempt"}
