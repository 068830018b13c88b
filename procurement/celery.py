"""The Celery application: `celery -A procurement.celery worker` and `beat`."""

import os
from logging.config import dictConfig

from celery import Celery
from celery.signals import celeryd_init, setup_logging, worker_process_init
from django.conf import settings
from django_structlog.celery.steps import DjangoStructLogInitStep

from procurement.hardening import close_memory
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


@celeryd_init.connect(weak=False)
@worker_process_init.connect(weak=False)
def keep_to_itself(**kwargs) -> None:
    """The worker and its processes, which hold the signing key and what opens bids."""
    close_memory()
