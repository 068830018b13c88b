"""Doors without a person."""

from celery import shared_task

from foundation.clock import now
from tenders import services
from tenders.filters import found_by


@shared_task(name="tenders.forget_contributions", ignore_result=True)
def forget_contributions() -> None:
    """Erase the custodians' contributions that waited too long for the others; beat calls it every minute."""
    services.contributions_forget(at=now())


@shared_task(name="tenders.close_rounds", ignore_result=True)
def close_rounds() -> None:
    """Tell the journal of the deadlines that passed, and have it signed; beat calls it every half minute."""
    services.rounds_close(at=now())


@shared_task(name="tenders.inspect_files", ignore_result=True)
def inspect_files() -> None:
    """Check whole the files of bids that were just opened; beat finds those that no bell announced."""
    services.opened_files_inspect(at=now())


@shared_task(name="tenders.tell_searches", ignore_result=True)
def tell_searches() -> None:
    """Tell the owners of saved searches of what is new; beat calls it every minute."""
    services.searches_tell(find=found_by, at=now())


@shared_task(name="tenders.forget_addresses", ignore_result=True)
def forget_addresses() -> None:
    """Erase the addresses that nobody proved; beat calls it every day."""
    services.unproved_addresses_forget(at=now())


@shared_task(name="tenders.forget_practice", ignore_result=True)
def forget_practice() -> None:
    """Erase the receipts of simulated deposits after a month; beat calls it every day."""
    services.practice_forget(at=now())


@shared_task(name="tenders.purge_uploads", ignore_result=True)
def purge_uploads() -> None:
    """Throw away the ciphertext of sendings that nobody finished; beat calls it every hour."""
    services.uploads_purge(at=now())
