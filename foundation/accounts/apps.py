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
        from foundation.accounts.approvals import actions
        from foundation.accounts.approvals import screens as approval_screens
        from foundation.accounts.approvals.workflow import APPROVAL
        from foundation.accounts.journal_actions import ACTIONS
        from foundation.accounts.models import Approval, Invitation, JoinRequest, Organisation, User
        from foundation.accounts.openid import screens as openid_screens
        from foundation.accounts.personal import acts, sections
        from foundation.accounts.workflow import INVITATION, JOIN_REQUEST
        from foundation.journal import registry
        from foundation.workflow import guard

        registry.declare(ACTIONS)
        registry.show_history(Organisation, rules.can_manage_members)
        registry.show_history(User, rules.can_read_account_history)
        guard(Invitation, INVITATION)
        guard(JoinRequest, JOIN_REQUEST)
        guard(Approval, APPROVAL)
        actions.declare()
        sections.declare()
        acts.declare()
        approval_screens.declare()
        openid_screens.declare()
        notifications.declare()
        screens.declare()
