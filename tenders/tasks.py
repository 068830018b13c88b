"""Doors without a person."""

from celery import shared_task

from foundation.clock import now
from tenders import services


@shared_task(name="tenders.forget_contributions", ignore_result=True)
def forget_contributions() -> None:
    """Erase the custodians' contributions that waited too long for the others; beat calls it every minute."""
    services.contributions_forget(at=now())
