"""Writes about the second factor: what changes is journalled and told to its owner."""

from allauth.mfa.models import Authenticator
from django.db import transaction

from foundation.journal import services as journal
from foundation.notifications.services import notify


@transaction.atomic
def second_factor_changed(*, action, url, by, at):
    """Write in the journal that `by` did `action` (add, remove, renew_codes) and send a message to the owner."""
    journal.record(by=by, action=f"accounts.second_factor_{action}", obj=by, at=at)
    notify(kind=f"accounts.second_factor_{action}", recipients=[by], obj=by, context={}, url=url, at=at)


@transaction.atomic
def second_factor_reset(*, user, reason, url, at) -> bool:
    """Remove the second factor of somebody who lost it all; False when there was none. Asked by whoever runs the
    platform, who has recognised the person: the line of the journal says how."""
    removed, _by_model = Authenticator.objects.filter(user=user).delete()
    if not removed:
        return False
    journal.record(by=None, action="accounts.second_factor_remove", obj=user, at=at, reason=reason)
    notify(kind="accounts.second_factor_remove", recipients=[user], obj=user, context={}, url=url, at=at)
    return True
