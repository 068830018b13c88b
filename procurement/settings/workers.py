"""Redis or Valkey: cache, sessions, broker; what the workers promise."""

from .environment import env

REDIS_URL = env("REDIS_URL", default="redis://localhost:6379/0")
CACHES = {
    "default": {
        "BACKEND": "procurement.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
    },
    # Pieces of pages that are the same for everybody until the next release: each process keeps its own.
    "pieces": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "TIMEOUT": None},
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

CELERY_BROKER_URL = env("CELERY_BROKER_URL", default="") or REDIS_URL.replace(
    "unix://", "redis+socket://"
).replace("?db=", "?virtual_host=")
CELERY_TASK_ROUTES = {"journal.checkpoint": {"queue": "signing"}}
"""Whoever serves this queue has the key that signs the journal, and need do nothing else; nobody else has it."""
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
    # Whoever rings does not wait for a broker that is away: the sweep will find the row.
    "max_retries": 0,
}
CELERY_TIMEZONE = "Europe/Paris"

# What one document may take of the process that prints it: seconds of the clock and of the processor (less than the
# lease of `documents.selectors`), mebibytes of address space.
DOCUMENTS_SECONDS = env.int("DOCUMENTS_SECONDS", default=60)
DOCUMENTS_MEGABYTES = env.int("DOCUMENTS_MEGABYTES", default=1024)
