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
