"""Logs: JSON for a machine, lines for a person; see procurement/operations/logs.py for what never enters them."""

import logging

from procurement.operations.logs import configuration

from .environment import env

LOG_FORMAT = env("LOG_FORMAT", default="")
"""`json` or `lines`; by default JSON in production, lines elsewhere."""
LOG_LEVEL = env("LOG_LEVEL", default="INFO")
LOGGING = configuration(machine=LOG_FORMAT == "json", level=LOG_LEVEL, with_messages=True)

# Who did what is in the journal; logs only say what happened.
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_USER_ID_FIELD = None
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = logging.INFO
DJANGO_STRUCTLOG_CELERY_TASK_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_CELERY_TASK_FAILURE_LOG_LEVEL = logging.ERROR
