"""The second look at a draft: another person, a frozen version, remarks part by part (X5, S4 by extension)."""

import pytest
from django.db import transaction
from django.db.utils import IntegrityError, InternalError

from foundation.accounts.enums import Role
from foundation.errors import Refusal
from foundation.journal.models import Entry
from foundation.notifications.models import OutboxEmail
from tenders import selectors, services
from tenders.enums import ReviewState, TenderState
from tenders.models import Drafter, Review, Tender
from tenders.snapshots import draft_facts
from tests.accounts.factories import make_member
from tests.owner import as_owner
from tests.tenders.factories import CRITERIA, approve, make_draft, make_reviewer, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    return make_draft()


@pytest.fixture
def reviewer(draft):
    return make_reviewer(draft.buyer)


@pytest.fixture
def review(draft, reviewer, at):
    return services.review_ask(tender=draft, message="Regardez le lot 1.", by=draft.created_by, at=at)


def state_of(review):
    return Review.objects.get(pk=review.pk).state


def refused(call, **arguments) -> Refusal:
    with pytest.raises(Refusal) as caught:
        call(**arguments)
    return caught.value


def test_nothing_is_published_that_nobody_else_approved(draft, at):
    refusal = refused(services.tender_publish, tender=draft, by=draft.created_by, at=at)
    assert "relire" in str(refusal)
    assert publish(draft, at=at).state == TenderState.PUBLISHED


def test_the_database_refuses_a_publication_without_approval(draft):
    with pytest.raises(InternalError, match="approved"), transaction.atomic():
        Tender.objects.filter(pk=draft.pk).update(state="published", published_at=draft.created_at)


def test_who_wrote_it_does_not_approve_it(draft, review, at):
    assert refused(services.review_approve, review=review, by=draft.created_by, at=at).code == "forbidden"
    second = make_member(draft.buyer, Role.BUYER)
    Drafter.objects.create(tender=draft, user=second)
    assert refused(services.review_approve, review=review, by=second, at=at).code == "forbidden"


def test_the_database_refuses_an_author_s_approval(draft, review, at):
    """Even past the services: by who asked, then by another who wrote."""
    with pytest.raises(InternalError, match="does not approve"), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(
            state="approved", decided_by=draft.created_by, decided_at=at
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(
            state="sent_back", decided_by=draft.created_by, decided_at=at
        )
    second = make_member(draft.buyer, Role.BUYER)
    Drafter.objects.create(tender=draft, user=second)
    with pytest.raises(InternalError, match="does not approve"), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(state="approved", decided_by=second, decided_at=at)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.EVALUATOR, Role.CUSTODIAN, Role.PRESCRIBER])
def test_other_roles_do_not_approve(draft, review, role, at):
    by = make_member(draft.buyer, role)
    assert refused(services.review_approve, review=review, by=by, at=at).code == "forbidden"


def test_a_change_after_the_approval_sends_it_back_to_draft(draft, at):
    approve(draft, at=at)
    approved = selectors.review_in_force(draft)
    services.tender_update(tender=draft, title="Autre intitulé", by=draft.created_by, at=at)
    assert state_of(approved) == ReviewState.REOPENED
    assert refused(services.tender_publish, tender=draft, by=draft.created_by, at=at).code == "conflict"
    assert Entry.objects.filter(action="tenders.review_reopen").count() == 1


def test_a_change_during_the_review_takes_the_version_back(draft, review, reviewer, at):
    services.lot_add(tender=draft, title="Lot de plus", by=draft.created_by, at=at)
    refusal = refused(services.review_approve, review=review, by=reviewer, at=at)
    assert refusal.code == "conflict" and state_of(review) == ReviewState.REOPENED


def test_a_change_past_the_services_is_seen_by_the_digest(draft, review, reviewer, at):
    """Negative control of the services: the version is compared with the draft itself."""
    Tender.objects.filter(pk=draft.pk).update(description="Autre chose.")
    refusal = refused(services.review_approve, review=review, by=reviewer, at=at)
    assert "a changé" in str(refusal)


def test_a_version_is_frozen(review):
    for change in ({"facts": {}}, {"digest": "0" * 64}, {"version": 9}):
        with as_owner(), pytest.raises(InternalError), transaction.atomic():
            Review.objects.filter(pk=review.pk).update(**change)
    with as_owner(), pytest.raises(InternalError), transaction.atomic():
        review.delete()


def test_what_the_law_would_refuse_is_not_approved(at):
    draft = make_draft(cpv_code="")
    by = make_reviewer(draft.buyer)
    review = services.review_ask(tender=draft, by=draft.created_by, at=at)
    refusal = refused(services.review_approve, review=review, by=by, at=at)
    assert [reason.field for reason in refusal.reasons] == ["cpv_code"]


def test_sent_back_with_remarks_then_put_again(draft, review, reviewer, at):
    assert refused(services.review_send_back, review=review, by=reviewer, at=at)
    comment = services.review_comment(review=review, section="lots", text="Lequel ?", by=reviewer, at=at)
    services.review_send_back(review=review, by=reviewer, at=at)
    services.comment_settle(comment=comment, by=draft.created_by, at=at)
    services.tender_update(tender=draft, title="Intitulé repris", by=draft.created_by, at=at)
    second = services.review_ask(tender=draft, by=draft.created_by, at=at)
    assert second.version == 2
    [change] = selectors.changes_since_last_version(second)["identity"]
    assert (change.label, change.after) == ("Intitulé", "Intitulé repris")
    services.review_approve(review=second, by=reviewer, at=at)
    told = OutboxEmail.objects.filter(kind="tenders.review_decided").count()
    assert told == 2


def test_a_remark_needs_words_and_a_part(review, reviewer, at):
    empty = refused(services.review_comment, review=review, section="lots", text=" ", by=reviewer, at=at)
    assert empty.reasons[0].field == "text"
    other = refused(services.review_comment, review=review, section="x", text="Oui.", by=reviewer, at=at)
    assert other.reasons[0].field == "section"


def test_alone_one_is_told_who_is_missing(at):
    draft = make_draft()
    assert "Personne d'autre" in str(refused(services.review_ask, tender=draft, by=draft.created_by, at=at))


def test_every_part_of_a_draft_is_frozen(draft, at):
    """Lots, criteria, prices, files, custodians: a change of any of them changes what is frozen."""
    before = draft_facts(draft)
    assert any("Lot" in row["label"] for row in before["criteria"])
    lot = draft.lots.get()
    criteria = [CRITERIA[0], CRITERIA[1] | {"description": "Mieux dit"}, CRITERIA[2]]
    services.criteria_set(lot=lot, criteria=criteria, by=draft.created_by, at=at)
    lines = [{"code": "A", "label": "Autre", "unit": "jour"}]
    services.price_lines_set(lot=lot, lines=lines, by=draft.created_by, at=at)
    after = draft_facts(draft)
    assert {part for part in before if before[part] != after[part]} == {"criteria", "prices"}
