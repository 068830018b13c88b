"""What the platform does with sendings to other systems, besides what triggers watch over (foundation/database/grants.py)."""

CHANGED = {"webhooks.Delivery", "webhooks.Secret"}
DELETED = {"webhooks.Delivery", "webhooks.Endpoint", "webhooks.Secret"}
ADDED = {"webhooks.Attempt"}
