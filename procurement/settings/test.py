"""Tests: real PostgreSQL and Valkey, quick password hashing, tasks run where they are called."""

import atexit
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from .base import *
from .base import DATABASES, TEMPLATES, env

SECRET_KEY = "test-only"  # noqa: S105
DEBUG = False
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
# The owner makes the database of the tests, which then act as the platform (tests/conftest.py).
DATABASES["default"].update(
    env.db_url_config(env("DATABASE_OWNER_URL", default=env("DATABASE_URL", default="psql:///jalon")))
)
DATABASES["default"]["ENGINE"] = "django.db.backends.postgresql"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = False
PUBLIC_URL = "http://testserver"
_media = Path(tempfile.mkdtemp(prefix="jalon-test-media-"))
atexit.register(shutil.rmtree, _media, ignore_errors=True)
STORAGES = {
    "default": {
        "BACKEND": "foundation.files.storage.DurableStorage",
        "OPTIONS": {"location": str(_media)},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = _media
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = "«variable inconnue: %s»"
ACCOUNT_RATE_LIMITS = {"login_failed": None}
SECURITY_CONTACT = "mailto:securite@jalon.example"
SECURITY_EXPIRES = datetime(2030, 1, 1, tzinfo=UTC)
JALON_STYLE_GUIDE = True
JOURNAL_DEVELOPMENT = True
JOURNAL_DEVELOPMENT_DIR = _media / "journal"
REST_FRAMEWORK = {**REST_FRAMEWORK, "DEFAULT_THROTTLE_CLASSES": []}
