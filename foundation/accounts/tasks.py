"""The worker's door: what is told before it ends."""

from celery import shared_task

from foundation import clock
from foundation.accounts import services


@shared_task(name="accounts.warn_of_delegations", ignore_result=True)
def warn_of_delegations() -> None:
    """Announce the delegations that are about to end; beat calls it every hour."""
    services.delegations_warn(at=clock.now())
