"""The Celery application: `celery -A procurement.celery worker` and `beat`."""

import os
from logging.config import dictConfig

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings
from django_structlog.celery.steps import DjangoStructLogInitStep

from procurement.schedule import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "procurement.settings.production")

app = Celery("jalon")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks()


@setup_logging.connect(weak=False)
def write_as_the_web_does(**kwargs) -> None:
    """Celery would write lines of its own, with the messages of errors in them."""
    dictConfig(settings.LOGGING)
