"""Logs."""

from .environment import env

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    # Each trigger and each step of each PDF is told at INFO.
    "loggers": {name: {"level": "WARNING"} for name in ("pgtrigger", "weasyprint", "fontTools", "pikepdf")},
}
