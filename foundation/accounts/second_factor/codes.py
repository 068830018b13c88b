"""Using a code: once, whatever happens to the cache, and with few tries."""

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts import lockout


def matching_counter(secret: str, code: str) -> int | None:
    """The step of time (RFC 6238) whose code this is, among the present one and its two neighbours."""
    for counter in yield_hotp_counters_from_time():
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, counter))):
            return counter
    return None


def limit_tries(user, *, at) -> lockout.Attempt:
    """Count one try of `user`. Raises ValidationError when there were too many."""
    attempt = lockout.begin([lockout.Key("code", str(user.pk))], at=at)
    if attempt.locked_until_at:
        raise ValidationError(lockout.words(attempt.locked_until_at, at=at), code="locked")
    return attempt


@transaction.atomic
def code_use(*, user, code: str) -> Authenticator | None:
    """The authenticator that gave `code`, which never serves again; None when no one did.

    A code of the application is refused when its step is not later than the last one used: the row is locked, so
    that two requests with one code cannot both pass.
    """
    authenticators = Authenticator.objects.select_for_update(of=("self",)).filter(user=user).order_by("pk")
    for authenticator in authenticators:
        if authenticator.type == Authenticator.Type.TOTP:
            accepted = _totp_use(authenticator, code)
        else:
            accepted = authenticator.wrap().validate_code(code)
        if accepted:
            return authenticator
    return None


def _totp_use(authenticator, code):
    counter = matching_counter(decrypt(authenticator.data["secret"]), code)
    if counter is None or counter <= authenticator.data.get("last_counter", -1):
        return False
    authenticator.data["last_counter"] = counter
    authenticator.save(update_fields=["data"])
    return True


def incorrect() -> ValidationError:
    """What is said of a code that does not fit or has already served."""
    return ValidationError(
        _(
            "Ce code ne convient pas ou a déjà servi : attendez le suivant dans l’application, puis recopiez-le."
        ),
        code="incorrect_code",
    )
