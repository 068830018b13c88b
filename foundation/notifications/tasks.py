"""The worker's door to the outbox."""

from celery import shared_task

from foundation import clock
from foundation.notifications import outbox


@shared_task(name="notifications.drain_outbox", ignore_result=True)
def drain_outbox() -> None:
    """Send what is due; beat calls it every minute, a bell after each message written."""
    outbox.drain(clock=clock.now)
