"""The worker's door: a look at the platform every minute, so that what drifts is said before somebody asks."""

import logging

from celery import shared_task

from foundation import clock
from procurement.operations.alerts import alerts
from procurement.operations.measures import measures

logger = logging.getLogger("jalon.watch")


@shared_task(name="operations.watch", ignore_result=True)
def watch() -> None:
    """Write a line of log for each measure beyond its limit: monitoring turns them into calls."""
    for alert in alerts(measures(at=clock.now())):
        logger.error("limit passed: %s = %s (limit %s)", alert.measure.name, alert.measure.value, alert.limit)
