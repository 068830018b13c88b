from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """What people are told, in the centre and by e-mail."""

    name = "foundation.notifications"
    label = "notifications"
    verbose_name = _("Notifications")

    def ready(self) -> None:
        """Hang the bell in the header, declare the messages of the machinery and the dashboard panel."""
        from foundation.accounts.acting import read_with_account
        from foundation.notifications import messages, screens
        from foundation.notifications.selectors import UNREAD, unread_count
        from foundation.screens.registry import register_bell

        messages.declare()
        screens.declare()
        read_with_account("unread", UNREAD)
        register_bell(unread_count, "notifications:list", "notifications:badge")
