"""Publish a consultation, or give it up."""

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from foundation.documents.services import term_start
from foundation.journal import services as journal
from tenders import legal, ocds, webhooks
from tenders.documents import request_price_schedule
from tenders.enums import CancelGround, ChangeKind
from tenders.models import Tender
from tenders.notifications import tell_cancelled
from tenders.selectors import pieces_of
from tenders.services.changes import publish_change
from tenders.services.locking import locked_tender
from tenders.services.papers import papers_issue
from tenders.services.rounds import first_round_create
from tenders.workflow import TENDER


@transaction.atomic
def tender_publish(*, tender, by, at) -> Tender:
    """Publish a draft that the legal check-list accepts, and name who will open its bids. Raises Refusal."""
    tender = locked_tender(tender)
    previous = TENDER.apply(tender, "publish", by=by, at=at)
    tender.published_at = at
    tender.save()
    first_round_create(tender, by, at)
    if not papers_issue(tender, by, at):
        request_price_schedule(tender, by, at)
    webhooks.tell_published(tender, at)
    ocds.publish(tender, tag="tender", at=at)
    journal.record(
        by=by,
        action="tenders.publish",
        obj=tender,
        at=at,
        before={"state": previous},
        after={"state": tender.state, "submission_due_at": tender.submission_due_at},
        organisation=tender.buyer,
    )
    return tender


@transaction.atomic
def tender_cancel(*, tender, reason: str, ground: str = CancelGround.OTHER, by, at) -> Tender:
    """Give up a consultation, « infructueuse » or « sans suite » by its ground, with the reason told to the
    candidates and published. Raises Refusal.
    """
    tender = locked_tender(tender)
    tender.cancel_reason, tender.cancel_ground = reason.strip(), ground
    previous = TENDER.apply(tender, "cancel", by=by, at=at)
    tender.cancelled_at = at
    tender.save()
    if not tender.published_at:
        _record_cancel(tender, previous, by, at)
        return tender
    tell_cancelled(tender, at)
    term_start(objects=pieces_of(tender), starts_date=localdate(at), by=by, at=at)
    webhooks.tell_cancelled(tender, at)
    ocds.publish(tender, tag="tenderCancellation", at=at)
    _publish_end(tender, by, at)
    return tender


def _publish_end(tender: Tender, by, at) -> None:
    rule = legal.cancel_rule(tender.cancel_ground)
    publish_change(
        tender,
        kind=ChangeKind.CANCELLATION,
        reason=tender.cancel_reason,
        article=f"{rule.cited}, {legal.NO_CONTRACT_TOLD.cited}",
        facts=[{"label": _("Motif"), "before": "", "after": str(tender.get_cancel_ground_display())}],
        action="tenders.cancel",
        by=by,
        at=at,
    )


def _record_cancel(tender: Tender, previous: str, by, at) -> None:
    journal.record(
        by=by,
        action="tenders.cancel",
        obj=tender,
        at=at,
        reason=tender.cancel_reason,
        before={"state": previous},
        after={"state": tender.state, "ground": tender.cancel_ground},
        organisation=tender.buyer,
    )
