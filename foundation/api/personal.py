"""The access tokens of a person, among his data."""

from django.utils.translation import gettext_lazy as _

from foundation.accounts.personal.registry import Section, register
from foundation.api.models import AccessToken, KeptAnswer


def _rows(user):
    """Never the secret: it is kept nowhere."""
    tokens = AccessToken.objects.filter(user=user).order_by("pk")
    return tokens.values("name", "scopes", "created", "expiry").iterator()


def _erase(user):
    AccessToken.objects.filter(user=user).delete()
    KeptAnswer.objects.filter(user=user).delete()


def declare() -> None:
    """Fill the registry of what is held of a person."""
    register(Section("jetons", _("Jetons d’accès à l’API"), _rows, _erase))
