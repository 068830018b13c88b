"""What makes a sign-in sure: second factor, fresh sign-in, lock-out, ProConnect."""

from .environment import env

SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=False)
"""Whether the roles of `foundation.accounts.second_factor` demand a second factor; production says yes by default."""
MFA_ADAPTER = "foundation.accounts.second_factor.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Jalon"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "foundation.accounts.second_factor.forms.AuthenticateForm",
    "reauthenticate": "foundation.accounts.second_factor.forms.ReauthenticateForm",
    "activate_totp": "foundation.accounts.second_factor.forms.EnrolForm",
    "deactivate_totp": "foundation.accounts.second_factor.forms.RemoveForm",
    "generate_recovery_codes": "foundation.accounts.second_factor.forms.RenewCodesForm",
}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
"""Seconds during which a sign-in is fresh: a sensitive act asks for a newer one."""

# Wrong passwords and codes are counted in PostgreSQL (foundation.accounts.lockout), so that the limit holds while
# Valkey is away; allauth's own counter, in the cache, is off. Requests as such are still limited in the cache.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "reauthenticate": "30/m/user", "login_failed": None}

PROCONNECT_ISSUER = env("PROCONNECT_ISSUER", default="")
"""The issuer as it names itself, without a slash at the end; empty: no button, no address."""
PROCONNECT_CLIENT_ID = env("PROCONNECT_CLIENT_ID", default="")
PROCONNECT_CLIENT_SECRET = env("PROCONNECT_CLIENT_SECRET", default="")
PROCONNECT_NAME = env("PROCONNECT_NAME", default="ProConnect")
PROCONNECT_MFA_ACRS = env.list(
    "PROCONNECT_MFA_ACRS",
    default=[
        "eidas2",
        "eidas3",
        "https://proconnect.gouv.fr/assurance/self-asserted-2fa",
        "https://proconnect.gouv.fr/assurance/consistency-checked-2fa",
    ],
)
"""Levels of assurance for which the provider has asked a second factor itself."""
SOCIALACCOUNT_ADAPTER = "foundation.accounts.openid.adapters.ProConnectAdapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"provider_class": "foundation.accounts.openid.provider.ProConnectProvider"}
}
SOCIALACCOUNT_EMAIL_VERIFICATION = "mandatory"
SOCIALACCOUNT_STORE_TOKENS = False
