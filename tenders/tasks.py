"""Doors without a person."""

from celery import shared_task

from foundation.clock import now
from tenders import services


@shared_task(name="tenders.forget_contributions", ignore_result=True)
def forget_contributions() -> None:
    """Erase the custodians' contributions that waited too long for the others; beat calls it every minute."""
    services.contributions_forget(at=now())


@shared_task(name="tenders.inspect_files", ignore_result=True)
def inspect_files() -> None:
    """Check whole the files of bids that were just opened; beat finds those that no bell announced."""
    services.opened_files_inspect(at=now())
