"""What the platform does with messages, besides what triggers watch over (foundation/database/grants.py)."""

CHANGED = {"notifications.Notification", "notifications.OutboxEmail", "notifications.Preference"}
DELETED = {"notifications.Notification", "notifications.OutboxEmail", "notifications.RefusedAddress"}
