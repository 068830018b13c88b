"""Production: refuses to start with a default secret, demonstration accounts or DEBUG."""

from django.core.exceptions import ImproperlyConfigured

from procurement.operations.logs import configuration

from .base import *
from .base import LOG_FORMAT, LOG_LEVEL, env

SECRET_KEY = env("SECRET_KEY", default="")
if len(SECRET_KEY) < 50 or SECRET_KEY.startswith(("development", "django-insecure", "test")):
    raise ImproperlyConfigured(
        "SECRET_KEY : donnez un secret propre à cette installation, d'au moins 50 caractères."
    )
if env.bool("DEBUG", default=False):
    raise ImproperlyConfigured("DEBUG n'est jamais permis en production : retirez la variable DEBUG.")
if env.bool("JALON_DEMO", default=False) or env("JALON_DEMO_PASSWORD", default=""):
    raise ImproperlyConfigured(
        "Les comptes de démonstration sont interdits en production : retirez JALON_DEMO et JALON_DEMO_PASSWORD."
    )
for name in ("DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS", "PUBLIC_URL", "EMAIL_URL"):
    if not env(name, default=""):
        raise ImproperlyConfigured(f"{name} manque : voir docs/operations.md.")

SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=True)
IN_PRODUCTION = True
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

LOGGING = configuration(
    machine=LOG_FORMAT != "lines",
    level=LOG_LEVEL,
    # The message of an error may quote what somebody typed: its kind and place are enough to find it.
    with_messages=env.bool("LOG_ERROR_MESSAGES", default=False),
)
