"""Writes about the second factor: what changes is journalled and told to its owner."""

from django.db import transaction

from foundation.journal import services as journal
from foundation.notifications.services import notify


@transaction.atomic
def second_factor_changed(*, action, url, by, at):
    """Write in the journal that `by` did `action` (add, remove, renew_codes) and send a message to the owner."""
    journal.record(by=by, action=f"accounts.second_factor_{action}", obj=by, at=at)
    notify(kind=f"accounts.second_factor_{action}", recipients=[by], obj=by, context={}, url=url, at=at)
