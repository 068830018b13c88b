"""Who calls the API: a knox token, or the browser session (with its CSRF check)."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _
from knox.auth import TokenAuthentication as KnoxAuthentication
from knox.crypto import hash_token
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed

from foundation import clock
from foundation.accounts import second_factor
from foundation.api.models import AccessToken
from foundation.api.problems import ProblemError

__all__ = ["SessionAuthentication", "TokenAuthentication"]

LAST_USE_PRECISION = timedelta(minutes=5)


class TokenAuthentication(KnoxAuthentication):
    """`Authorization: Token …`; the database holds only a digest, so one indexed read finds the token.

    The owner is a person or the account of a program. An unknown, revoked or expired token, or one whose owner was
    deactivated, answers 401 in the same words. That of a person whose role demands a second factor serves only once
    it is set up: a token older than the role must not be the way around it (403, `second_factor`).
    """

    def authenticate_credentials(self, token):
        now = clock.now()
        found = (
            AccessToken.objects.select_related("user")
            .filter(digest=hash_token(token.decode("utf-8", errors="replace")), user__is_active=True)
            .first()
        )
        if found is None or (found.expiry is not None and found.expiry <= now):
            raise AuthenticationFailed(
                _("Ce jeton est inconnu, révoqué ou expiré : créez-en un depuis votre profil.")
            )
        if second_factor.is_lacking(found.user):
            raise ProblemError(
                "second_factor",
                _("Votre rôle demande un second facteur : ce jeton ne sert pas tant qu’il n’est pas activé."),
            )
        self._note_use(found, now)
        return found.user, found

    def _note_use(self, token, now):
        """Keep the last use to within a few minutes: a read of the API must not cost a write each time."""
        if token.last_used_at is None or now - token.last_used_at > LAST_USE_PRECISION:
            AccessToken.objects.filter(pk=token.pk).update(last_used_at=now)
