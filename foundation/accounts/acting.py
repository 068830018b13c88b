"""Who acts: the account of a session, read in one statement with all that every page asks about the person."""

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Expression, QuerySet

from foundation.accounts.models import User
from foundation.accounts.selectors.roles import HELD, keep_roles
from foundation.statements import instance_for

_FACTS: dict[str, Expression] = {}


def read_with_account(name: str, expression: Expression) -> None:
    """Have this read with the account at each request, as its attribute `name`: another room asks it on every page."""
    _FACTS[name] = expression


class SignInBackend(AuthenticationBackend):
    """allauth's, which finds the account of a session together with its roles: nothing is kept between requests."""

    def get_user(self, user_id):
        """The account, None when it is closed or unknown."""
        user = instance_for(_account, int(user_id))
        if user is None or not self.user_can_authenticate(user):
            return None
        keep_roles(user, user.held_own, user.held_lent)
        return user


def _account(user_id: int) -> QuerySet:
    return User.objects.filter(pk=user_id).order_by().annotate(**HELD, **_FACTS)
