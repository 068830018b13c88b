"""Settings shared by every environment; each value that differs between machines comes from a variable."""

from django.utils.translation import gettext_lazy as _

from .accounts import *
from .api import *
from .environment import BASE_DIR, env
from .files import *
from .journal import *
from .logs import *
from .mail import *
from .open_data import *
from .operations import *
from .security import *
from .sign_in import *
from .webhooks import *
from .workers import *

DEBUG = False
SECRET_KEY = env("SECRET_KEY", default="")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

JALON_STYLE_GUIDE = env.bool("JALON_STYLE_GUIDE", default=False)
"""Serve /guide-de-style/, where every component is drawn once: for the tests and for whoever draws."""
JALON_DEMO_PASSWORD = env("JALON_DEMO_PASSWORD", default="")
JALON_DEMO = env.bool("JALON_DEMO", default=False)

INSTALLED_APPS = [
    "procurement.apps.ProcurementConfig",
    "procurement.apps.StaticFilesConfig",
    "foundation.screens",
    "foundation.accounts",
    "foundation.journal",
    "foundation.documents",
    "foundation.notifications",
    "foundation.api",
    "foundation.files",
    "foundation.search",
    "foundation.webhooks",
    "foundation.open_data",
    "needs",
    "concierge",
    "tenders",
    "framework_agreements",
    "startups",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_filters",
    "django_prometheus",
    "django_structlog",
    "django_htmx",
    "drf_spectacular",
    "dsfr",
    "knox",
    "pgtrigger",
    "rest_framework",
    "widget_tweaks",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "procurement.operations.requests.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "foundation.files.middleware.CompressPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "foundation.accounts.middleware.PlaceMiddleware",
    "foundation.accounts.middleware.PrivateMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "foundation.accounts.second_factor.middleware.SecondFactorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "procurement.urls"
WSGI_APPLICATION = "procurement.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "foundation.screens.context.shell",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": env.db("DATABASE_URL", default="psql:///jalon")}
DATABASES["default"].update(
    {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
        # A lock that is not had in time is refused instead of piling up requests.
        "OPTIONS": {"options": "-c lock_timeout=10000 -c statement_timeout=60000"},
    }
)
DATABASE_PLATFORM_ROLE = env("DATABASE_PLATFORM_ROLE", default="jalon")
"""The role with which web and worker sign in: `migrate`, played by the owner of the tables, grants it its rights."""
DATABASE_REPLICA_URL = env("DATABASE_REPLICA_URL", default="")
"""A copy that answers the public pages (procurement/operations/replica.py); empty: the primary answers all."""
if DATABASE_REPLICA_URL:
    DATABASES["replica"] = {
        **DATABASES["default"],
        **env.db_url_config(DATABASE_REPLICA_URL),
        "ENGINE": "django.db.backends.postgresql",
        "OPTIONS": {"options": "-c default_transaction_read_only=on -c statement_timeout=10000"},
        "TEST": {"MIRROR": "default"},
    }
    DATABASE_ROUTERS = ["procurement.operations.replica.ReplicaRouter"]
    MIDDLEWARE.append("procurement.operations.replica.ReplicaMiddleware")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Triggers are made from the workflow tables at start, so they are never frozen in a migration: `migrate` installs
# them, then grants the platform's rights (procurement/apps.py, docs/adr/0003-triggers-follow-the-workflow-tables.md).
PGTRIGGER_MIGRATIONS = False
PGTRIGGER_INSTALL_ON_MIGRATE = False

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("Français"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

PUBLIC_URL = env("PUBLIC_URL", default="http://localhost:8000")
"""Where people reach the platform; links in e-mails and documents start with it."""

DSFR_USE_INTEGRITY_CHECKSUMS = False
DSFR_CONTENT_IS_SAFE = False
