"""The Celery application: `celery -A procurement.celery worker` and `beat`."""

import os

from celery import Celery

from procurement.schedule import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "procurement.settings.production")

app = Celery("jalon")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.autodiscover_tasks()
