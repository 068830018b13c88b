"""E-mails."""

from datetime import time

from .environment import env

EMAIL_URL = env("EMAIL_URL", default="") or "consolemail://"
vars().update(env.email_url_config(EMAIL_URL))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Jalon <ne-pas-repondre@jalon.example>")

NOTIFICATIONS_DIGEST_TIME = time.fromisoformat(env("NOTIFICATIONS_DIGEST_TIME", default="07:30"))
"""When digests leave, in Paris: before the working day, never at night."""
NOTIFICATIONS_KEEP_DAYS = env.int("NOTIFICATIONS_KEEP_DAYS", default=400)
NOTIFICATIONS_KEEP_LEGAL_DAYS = env.int("NOTIFICATIONS_KEEP_LEGAL_DAYS", default=5 * 366)
"""Messages due by law are kept as long as the file of the procedure (R2184-12: five years)."""
