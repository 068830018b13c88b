"""Second factor, fresh sign-in: each for oneself only."""

from tests.access.matrix import EVERYONE, NOBODY, SIGNED_IN, Row, both

ROWS = {
    "account_reauthenticate": both(allowed=SIGNED_IN),
    "mfa_reauthenticate": both(allowed=SIGNED_IN, ok={200, 302}),
    "mfa_authenticate": both(allowed=SIGNED_IN, ok={302}),
    # No provider is configured here: what leads to it does not exist (tests/accounts/openid/ has one).
    "proconnect_login": [Row(allowed=NOBODY), Row(allowed=NOBODY, method="post")],
    "proconnect_callback": Row(allowed=NOBODY),
    "proconnect_link": Row(allowed=NOBODY),
    "proconnect_unlink": Row(allowed=SIGNED_IN, method="post"),
    "proconnect_join": Row(allowed=SIGNED_IN, method="post"),
    "socialaccount_login_cancelled": Row(allowed=EVERYONE),
    "mfa_index": Row(allowed=SIGNED_IN),
    "mfa_activate_totp": both(allowed=SIGNED_IN),
    "mfa_totp_qr": Row(allowed=SIGNED_IN, ok={404}),
    "mfa_deactivate_totp": both(allowed=SIGNED_IN, ok={404}),
    "mfa_view_recovery_codes": Row(allowed=SIGNED_IN, ok={404}),
    "mfa_download_recovery_codes": Row(allowed=SIGNED_IN, ok={404}),
    "mfa_generate_recovery_codes": both(allowed=SIGNED_IN),
}
