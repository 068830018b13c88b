"""The worker's door to what is sent to other systems."""

from celery import shared_task

from foundation import clock
from foundation.webhooks import deliveries


@shared_task(name="webhooks.deliver_due", ignore_result=True)
def deliver_due() -> None:
    """Send what is due; beat calls it every half minute, a bell after each event."""
    deliveries.deliver(clock=clock.now)


@shared_task(name="webhooks.forget", ignore_result=True)
def forget() -> None:
    """Erase what is too old to be kept; beat calls it every day."""
    deliveries.forget(at=clock.now())
