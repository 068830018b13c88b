"""The second look at a draft: asked by who wrote it, given by somebody else, on a frozen version."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.errors import Refusal
from foundation.journal import services as journal
from tenders import rules, selectors
from tenders.enums import ReviewState, TenderState
from tenders.models import Review, ReviewComment
from tenders.notifications import tell_review_asked, tell_review_decided
from tenders.services.locking import locked_tender, remember_drafter, take_version_back
from tenders.snapshots import SECTIONS, draft_facts
from tenders.workflow import REVIEW


@transaction.atomic
def review_ask(*, tender, message: str = "", by, at) -> Review:
    """Freeze what the draft says as its next version and tell those who may approve it.

    Raises Refusal: not a drafter, not a draft, a version already waits or is approved, nobody else may approve it.
    """
    tender = locked_tender(tender)
    if not rules.can_ask_review(by, tender):
        raise Refusal(_("Seuls les acheteurs demandent la relecture d'un brouillon."), code="forbidden")
    if selectors.review_in_force(tender) is not None:
        raise Refusal(_("Une version est déjà en relecture ou approuvée."), code="conflict")
    remember_drafter(tender, by)
    reviewers = list(selectors.possible_reviewers(tender))
    if not reviewers:
        raise Refusal(
            _(
                "Personne d'autre ne peut relire : il faut un acheteur ou un signataire de votre organisation "
                "qui n'a pas écrit dans ce brouillon."
            )
        )
    facts = draft_facts(tender)
    review = Review.objects.create(
        tender=tender,
        version=1 + tender.reviews.count(),
        facts=facts,
        digest=journal.digest(facts),
        message=message.strip(),
        asked_by=by,
        asked_at=at,
    )
    tell_review_asked(review, reviewers, at)
    _record("tenders.review_ask", review, by, at, reason=message)
    return review


@transaction.atomic
def review_comment(*, review, section: str, text: str, by, at) -> ReviewComment:
    """Say something of one part of the version under review. Raises Refusal."""
    review = _locked(review)
    _demand_reviewer(review, by)
    if section not in SECTIONS:
        raise Refusal(_("Choisissez la partie dont vous parlez."), field="section")
    if not text.strip():
        raise Refusal(_("Écrivez votre remarque."), field="text")
    comment = ReviewComment.objects.create(
        review=review, section=section, text=text.strip(), written_by=by, written_at=at
    )
    _record("tenders.review_comment", review, by, at, reason=str(SECTIONS[section]))
    return comment


@transaction.atomic
def comment_settle(*, comment, by, at) -> ReviewComment:
    """Tick a remark off: it is dealt with. Raises Refusal."""
    review = _locked(comment.review)
    comment = ReviewComment.objects.select_for_update(of=("self",)).get(pk=comment.pk, review=review)
    comment.review = review
    if not rules.can_settle_comment(by, comment):
        raise Refusal(_("Seuls les acheteurs qui rédigent traitent les remarques."), code="forbidden")
    if comment.settled_at:
        raise Refusal(_("Cette remarque est déjà traitée."), code="conflict")
    comment.settled_by, comment.settled_at = by, at
    comment.save(update_fields=["settled_by", "settled_at"])
    _record("tenders.review_settle", review, by, at, reason=str(SECTIONS[comment.section]))
    return comment


@transaction.atomic
def review_approve(*, review, by, at) -> Review:
    """Approve the version that was read: it may be published as it stands. Raises Refusal."""
    return _decide(review, "approve", "tenders.review_approve", by=by, at=at)


@transaction.atomic
def review_send_back(*, review, reason: str = "", by, at) -> Review:
    """Send the draft back with what is to be mended. Raises Refusal."""
    return _decide(review, "send_back", "tenders.review_send_back", reason=reason.strip(), by=by, at=at)


@transaction.atomic
def review_reopen(*, tender, by, at) -> Review:
    """Take the version back to write again. Raises Refusal."""
    tender = locked_tender(tender)
    review = take_version_back(tender, by=by, at=at)
    if review is None:
        raise Refusal(_("Aucune version n'est en relecture ni approuvée."), code="conflict")
    return review


def _decide(review: Review, transition: str, action: str, *, reason: str = "", by, at) -> Review:
    review = _locked(review)
    review.decision_reason = reason
    previous = REVIEW.apply(review, transition, by=by, at=at)
    review.decided_by, review.decided_at = by, at
    review.save(update_fields=["state", "decision_reason", "decided_by", "decided_at"])
    tell_review_decided(review, at)
    _record(action, review, by, at, reason=reason, before={"version": review.version, "state": previous})
    return review


def _locked(review: Review) -> Review:
    """The review under the lock of its consultation."""
    tender = locked_tender(review.tender)
    review = tender.reviews.select_related("asked_by").select_for_update(of=("self",)).get(pk=review.pk)
    review.tender = tender
    return review


def _demand_reviewer(review: Review, by) -> None:
    if not rules.can_review_draft(by, review):
        raise Refusal(
            _("La relecture est faite par un acheteur ou un signataire qui n'a pas écrit ce brouillon."),
            code="forbidden",
        )
    if review.state != ReviewState.ASKED or review.tender.state != TenderState.DRAFT:
        raise Refusal(_("Cette version n'est plus en relecture."), code="conflict")


def _record(action: str, review: Review, by, at, *, reason: str = "", before: dict | None = None) -> None:
    journal.record(
        by=by,
        action=action,
        obj=review.tender,
        at=at,
        reason=reason,
        before=before,
        after={"version": review.version, "state": review.state, "digest": review.digest},
        organisation=review.tender.buyer,
    )
