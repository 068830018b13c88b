"""Who people are: accounts, passwords, sign-in."""

from .environment import env

AUTH_USER_MODEL = "accounts.User"
# Addresses are unique whatever their case, by a constraint on lower(email) that this check does not see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = ["foundation.accounts.acting.SignInBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "screens:dashboard"
ACCOUNT_LOGOUT_REDIRECT_URL = "screens:home"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_ADAPTER = "foundation.accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "foundation.accounts.forms.LoginForm",
    "reauthenticate": "foundation.accounts.forms.ReauthenticateForm",
    "change_password": "foundation.accounts.forms.ChangePasswordForm",
    "set_password": "foundation.accounts.forms.SetPasswordForm",
    "reset_password": "foundation.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "foundation.accounts.forms.ResetPasswordKeyForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
