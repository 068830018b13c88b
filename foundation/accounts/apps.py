from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Users, organisations, memberships, roles."""

    name = "foundation.accounts"
    label = "accounts"
    verbose_name = _("Comptes")

    def ready(self) -> None:
        """Declare what the journal may say about accounts, and what the shell shows of them."""
        from foundation.accounts import notifications, rules, screens
        from foundation.accounts.journal_actions import ACTIONS
        from foundation.accounts.models import Organisation, User
        from foundation.journal import registry

        registry.declare(ACTIONS)
        registry.show_history(Organisation, rules.can_manage_members)
        registry.show_history(User, rules.can_read_account_history)
        notifications.declare()
        screens.declare()
