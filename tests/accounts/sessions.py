"""Sessions of tests: fresh, stale, with a second factor."""

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import encrypt

RECORDS = "account_authentication_methods"


def make_stale(client, *, seconds=700):
    """The last sign-in of this client becomes older than what a sensitive act accepts."""
    session = client.session
    session[RECORDS] = [{**record, "at": record["at"] - seconds} for record in session.get(RECORDS, [])]
    session.save()


def pass_second_factor(client):
    """As if a code had been given in this session."""
    session = client.session
    session[RECORDS] = [*session.get(RECORDS, []), {"method": "mfa", "type": "totp", "at": time.time()}]
    session.save()


def enrol(user) -> str:
    """Give `user` an application of codes; returns its key."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    secret = generate_totp_secret()
    Authenticator.objects.create(
        user=user, type=Authenticator.Type.TOTP, data={"secret": encrypt(secret), "last_counter": 0}
    )
    RecoveryCodes.activate(user)
    return secret


def code_now(secret, *, step=0) -> str:
    """What the application shows now, or `step` periods later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))
