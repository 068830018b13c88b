"""The worker's door to the journal."""

import logging

from celery import shared_task

from foundation import clock
from foundation.journal import services
from foundation.journal.authority import AuthorityAway

logger = logging.getLogger(__name__)


@shared_task(name="journal.checkpoint", ignore_result=True)
def make_checkpoint() -> None:
    """Sign what the journal has become, if it has grown."""
    services.checkpoint_make(at=clock.now())


@shared_task(name="journal.timestamp", ignore_result=True)
def stamp_checkpoint() -> None:
    """Have the newest checkpoint stamped; an authority that is away is asked again at the next sweep."""
    try:
        services.timestamp_make()
    except AuthorityAway as error:
        logger.warning("time-stamp authority away: %s", error)
