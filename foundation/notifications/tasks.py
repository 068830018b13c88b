"""The worker's door to the outbox, to the digests and to what is forgotten."""

from celery import shared_task

from foundation import clock
from foundation.notifications import digest, outbox, retention


@shared_task(name="notifications.drain_outbox", ignore_result=True)
def drain_outbox() -> None:
    """Send what is due; beat calls it every minute, a bell after each message written."""
    outbox.drain(clock=clock.now)


@shared_task(name="notifications.gather_digests", ignore_result=True)
def gather_digests() -> None:
    """Write the digests whose hour has struck; beat calls it every five minutes."""
    digest.gather(at=clock.now())


@shared_task(name="notifications.forget", ignore_result=True)
def forget() -> None:
    """Erase what is too old to be kept; beat calls it every day."""
    retention.forget(at=clock.now())
