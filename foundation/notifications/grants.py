"""What the platform does with messages (read by foundation/database/grants.py)."""

CHANGED = {"notifications.Notification", "notifications.OutboxEmail", "notifications.Preference"}
DELETED = {
    "notifications.Notification",
    "notifications.OutboxEmail",
    "notifications.Preference",
    "notifications.RefusedAddress",
}
