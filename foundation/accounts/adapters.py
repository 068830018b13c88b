"""What we ask django-allauth to do differently."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by e-mail; accounts are opened by our own pages only."""

    def is_open_for_signup(self, request):
        """Closed: a supplier registers with his firm, a buyer is invited by an administrator."""
        return False
