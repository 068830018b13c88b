"""Publish a consultation, or give it up."""

from django.db import transaction
from django.utils.timezone import localdate

from foundation.documents.services import term_start
from foundation.journal import services as journal
from tenders import ocds, webhooks
from tenders.documents import request_price_schedule
from tenders.models import Tender
from tenders.notifications import tell_cancelled
from tenders.selectors import pieces_of
from tenders.services.locking import locked_tender
from tenders.services.rounds import first_round_create
from tenders.workflow import TENDER


@transaction.atomic
def tender_publish(*, tender, by, at) -> Tender:
    """Publish a draft that the legal check-list accepts, and make the key that will seal its bids. Raises
    Refusal.
    """
    tender = locked_tender(tender)
    previous = TENDER.apply(tender, "publish", by=by, at=at)
    tender.published_at = at
    tender.save()
    key = first_round_create(tender, at).key
    request_price_schedule(tender, by, at)
    webhooks.tell_published(tender, at)
    ocds.publish(tender, tag="tender", at=at)
    journal.record(
        by=by,
        action="tenders.publish",
        obj=tender,
        at=at,
        before={"state": previous},
        after={
            "state": tender.state,
            "submission_due_at": tender.submission_due_at,
            "public_key": bytes(key.public_key).hex(),
            "threshold": key.threshold,
            "share_count": key.share_count,
        },
        organisation=tender.buyer,
    )
    return tender


@transaction.atomic
def tender_cancel(*, tender, reason: str, by, at) -> Tender:
    """Give up a consultation (« sans suite »), with the reason told to those who answered. Raises Refusal."""
    tender = locked_tender(tender)
    tender.cancel_reason = reason
    previous = TENDER.apply(tender, "cancel", by=by, at=at)
    tender.cancelled_at = at
    tender.save()
    if tender.published_at:
        tell_cancelled(tender, at)
        term_start(objects=pieces_of(tender), starts_date=localdate(at), by=by, at=at)
        webhooks.tell_cancelled(tender, at)
        ocds.publish(tender, tag="tenderCancellation", at=at)
    journal.record(
        by=by,
        action="tenders.cancel",
        obj=tender,
        at=at,
        reason=reason,
        before={"state": previous},
        after={"state": tender.state},
        organisation=tender.buyer,
    )
    return tender
