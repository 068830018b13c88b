"""The worker's door: what the API forgets, and what it announces."""

from celery import shared_task

from foundation import clock
from foundation.api import idempotency, services


@shared_task(name="api.sweep", ignore_result=True)
def sweep() -> None:
    """Forget the answers that are no longer replayed; beat calls it every hour."""
    idempotency.sweep(at=clock.now())


@shared_task(name="api.warn_of_tokens", ignore_result=True)
def warn_of_tokens() -> None:
    """Announce the tokens that end soon; beat calls it every hour."""
    services.tokens_announce(at=clock.now())
