"""E-mails."""

from .environment import env

EMAIL_URL = env("EMAIL_URL", default="") or "consolemail://"
vars().update(env.email_url_config(EMAIL_URL))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Jalon <ne-pas-repondre@jalon.example>")
