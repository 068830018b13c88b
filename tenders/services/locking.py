"""How the writes of this app take a consultation: locked, and only for those who may write it.

Order of the locks, always: the row of the consultation (shared by deposits, exclusive for everything else; it
stands for its rounds and their keys), then the queue of the bidder, then the rows of bids.
"""

from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from foundation.accounts.selectors import principal_for
from foundation.clock import database_now
from foundation.errors import Refusal
from foundation.journal import services as journal
from tenders import rules
from tenders.enums import ReviewState, TenderState
from tenders.models import Drafter, Review, Round, Tender
from tenders.workflow import REVIEW

BID_LOCKS = 0x7E4D
"""First key of the advisory locks that put the deposits of one bidder one behind the other."""


def locked_tender(tender: Tender) -> Tender:
    """The consultation's row, locked until the end of the transaction."""
    rows = Tender.objects.select_related("buyer").select_for_update(of=("self",))
    return rows.get(pk=tender.pk)


def draft_to_edit(tender: Tender, *, by) -> Tender:
    """The locked draft, if `by` may write it; who writes is remembered, and a version under review or approved
    is taken back. Raises Refusal (forbidden, conflict).
    """
    tender = locked_tender(tender)
    if not rules.works_for_buyer(by, tender):
        raise Refusal(
            _("Seuls les acheteurs de l'organisation modifient cette consultation."), code="forbidden"
        )
    if tender.state != TenderState.DRAFT:
        raise Refusal(
            _(
                "La consultation est publiée : ses conditions ne changent plus. Déclarez-la sans suite "
                "pour reprendre."
            ),
            code="conflict",
        )
    if not rules.can_edit_tender(by, tender):
        raise Refusal(
            _("Seuls les acheteurs de l'organisation modifient cette consultation."), code="forbidden"
        )
    remember_drafter(tender, by)
    take_version_back(tender, by=by, at=database_now())
    return tender


def remember_drafter(tender: Tender, by) -> None:
    """Who writes a draft does not approve it; neither does whom he writes for."""
    principal = principal_for(by)
    people = [by.pk, *([principal.pk] if principal else [])]
    Drafter.objects.bulk_create((Drafter(tender=tender, user_id=pk) for pk in people), ignore_conflicts=True)


def take_version_back(tender: Tender, *, by, at) -> Review | None:
    """What changes after a version was put to review or approved sends it back to draft. Under the lock."""
    states = [ReviewState.ASKED, ReviewState.APPROVED]
    review = tender.reviews.select_for_update(of=("self",)).filter(state__in=states).first()
    if review is None:
        return None
    review.tender = tender
    previous = REVIEW.apply(review, "reopen", by=by, at=at)
    review.reopened_at = at
    review.save(update_fields=["state", "reopened_at"])
    journal.record(
        by=by,
        action="tenders.review_reopen",
        obj=tender,
        at=at,
        before={"version": review.version, "state": previous},
        after={"version": review.version, "state": review.state},
        organisation=tender.buyer,
    )
    return review


def steady_round(round: Round) -> Round:
    """The round and its consultation as they stand, unchangeable until the end of the transaction, open to other
    deposits: what may have changed since they were read is read again.

    Both rows are locked: PostgreSQL reads anew, after a wait, only what it locks, and the deadline is in the round.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.state, t.submission_due_at, r.state, r.due_at FROM tenders_tender t"
            " JOIN tenders_round r ON r.tender_id = t.id WHERE r.id = %s FOR SHARE OF t, r",
            [round.pk],
        )
        tender = round.tender
        tender.state, tender.submission_due_at, round.state, round.due_at = cursor.fetchone()
    return round


def steady_tender(tender: Tender) -> Tender:
    """The consultation as it stands, unchangeable until the end of the transaction, open to other readers of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM tenders_tender WHERE id = %s FOR SHARE", [tender.pk])
    return Tender.objects.select_related("buyer").get(pk=tender.pk)


def queue_of_bidder(tender: Tender, bidder_id: int) -> datetime:
    """Wait for the other deposits of this bidder on this consultation, until the end of the transaction; gives the
    instant of the database once the wait is over.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH queue AS MATERIALIZED"
            " (SELECT pg_advisory_xact_lock(%s, hashint8(%s::bigint # (%s::bigint << 24))))"
            " SELECT clock_timestamp() FROM queue",
            [BID_LOCKS, bidder_id, tender.pk],
        )
        return cursor.fetchone()[0]
