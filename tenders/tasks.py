"""Doors without a person."""

from celery import shared_task

from foundation.bell import ring
from foundation.clock import now
from tenders import services
from tenders.filters import found_by
from tenders.models import SealedPart


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
    """Check whole the file of an opened bid whose turn it is, then ring for the next one: a task a file, so that other
    tasks pass between two. Beat finds the files that no bell announced.
    """
    if services.opened_files_inspect(at=now(), limit=1):
        ring(inspect_files)


@shared_task(name="tenders.inspect_file", ignore_result=True)
def inspect_file(part_id: str) -> None:
    """Check whole a file that somebody wants to read now."""
    part = SealedPart.objects.select_related("bid__tender__buyer", "bid__key", "opened").get(pk=part_id)
    services.bid_file_inspect(part=part, at=now())


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
