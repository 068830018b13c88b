"""Be told of the changes of a consultation, with an account or with an address that its owner proves."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.errors import Refusal
from tenders.models import Follower, Tender
from tenders.notifications import tell_follow_asked

BETWEEN_PROOFS = timedelta(minutes=10)
"""Between two messages to an address that nobody has proved yet."""
PROOFS_A_DAY = 5
"""Messages that strangers may have us send to one address, all consultations together."""


@transaction.atomic
def tender_follow(*, tender: Tender, by, at: datetime) -> Follower:
    """Have this person told of the changes of a published consultation. Asking again changes nothing."""
    _refuse_draft(tender)
    facts = {"asked_at": at, "confirmed_at": at}
    return Follower.objects.get_or_create(tender=tender, user=by, defaults=facts)[0]


@transaction.atomic
def tender_unfollow(*, tender: Tender, by) -> None:
    """Stop telling this person."""
    Follower.objects.filter(tender=tender, user=by).delete()


@transaction.atomic
def address_follow(*, tender: Tender, email: str, at: datetime) -> None:
    """Write to an address without account, so that its owner proves it. Says nothing of who follows already.

    A stranger cannot have us flood somebody: few messages, far apart.
    """
    _refuse_draft(tender)
    email = email.strip().lower()
    follower, is_new = Follower.objects.select_for_update(of=("self",)).get_or_create(
        tender=tender, user=None, email=email, defaults={"asked_at": at}
    )
    waits = not is_new and at - follower.asked_at < BETWEEN_PROOFS
    asked = Follower.objects.filter(email=email, confirmed_at=None, asked_at__gt=at - timedelta(days=1))
    if follower.confirmed_at or waits or asked.count() > PROOFS_A_DAY:
        return
    follower.asked_at = at
    follower.save(update_fields=["asked_at"])
    tell_follow_asked(follower, at)


@transaction.atomic
def address_confirm(*, follower: Follower, at: datetime) -> Follower:
    """The owner of the address opened the link: tell him from now on."""
    Follower.objects.filter(pk=follower.pk, confirmed_at=None).update(confirmed_at=at)
    follower.refresh_from_db()
    return follower


@transaction.atomic
def address_leave(*, follower: Follower) -> None:
    """Forget an address: nothing is kept of it."""
    Follower.objects.filter(pk=follower.pk).delete()


@transaction.atomic
def unproved_addresses_forget(*, at: datetime) -> int:
    """Erase the addresses that nobody proved in time; gives how many."""
    stale = Follower.objects.filter(user=None, confirmed_at=None, asked_at__lt=at - timedelta(days=7))
    return stale.delete()[0]


def _refuse_draft(tender: Tender) -> None:
    if not tender.published_at:
        raise Refusal(_("Cette consultation n’est pas publiée."), code="conflict")
