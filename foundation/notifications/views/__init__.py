"""The pages of the messages."""

from foundation.notifications.views.addresses import address_check, address_confirm, address_list
from foundation.notifications.views.centre import badge, notification_list, notification_open, read_all
from foundation.notifications.views.choices import example, preferences, unsubscribe

__all__ = [
    "address_check",
    "address_confirm",
    "address_list",
    "badge",
    "example",
    "notification_list",
    "notification_open",
    "preferences",
    "read_all",
    "unsubscribe",
]
