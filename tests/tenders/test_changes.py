"""After the publication: corrigendum, later deadline by two persons (S4), end of the consultation."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.utils import IntegrityError, InternalError

from foundation.accounts.approvals.services import approval_confirm
from foundation.accounts.enums import Role
from foundation.errors import Refusal
from foundation.journal.models import Entry
from foundation.notifications.models import OutboxEmail
from tenders import selectors, services
from tenders.enums import CancelGround, ChangeKind
from tenders.models import Bid, Change, TenderDocument
from tests.accounts.factories import make_member
from tests.owner import as_owner
from tests.tenders.factories import (
    PDF,
    make_bid,
    make_draft,
    make_published,
    make_reviewer,
    make_supplier,
    open_bids,
    pass_deadline,
    publish,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def tender():
    return make_published()


def correct(tender, at, **fields):
    arguments = {"reason": "Une coquille.", "by": tender.created_by, "at": at, **fields}
    return services.corrigendum_publish(tender=tender, **arguments)


def refused(call, *arguments, **named) -> Refusal:
    with pytest.raises(Refusal) as caught:
        call(*arguments, **named)
    return caught.value


class TestCorrigendum:
    def test_it_says_before_and_after_to_those_who_answered_even_withdrawn(self, tender, at):
        by, firm = make_supplier()
        services.bid_withdraw(bid=make_bid(tender, by=by, bidder=firm), by=by)
        before = tender.title
        change = correct(tender, at, fields={"title": "Titre juste"})
        assert change.facts == [{"label": "Intitulé", "before": before, "after": "Titre juste"}]
        [mail] = OutboxEmail.objects.filter(kind="tenders.changed")
        assert mail.recipient_id == by.pk and mail.context["facts"] == change.facts
        assert Entry.objects.filter(action="tenders.corrigendum", object_id=str(tender.pk)).exists()

    def test_files_are_added_replaced_and_taken_out_and_all_stay_readable(self, at, client):
        draft = make_draft()
        kept = [
            services.document_add(
                tender=draft,
                title=f"Pièce {n}",
                upload=SimpleUploadedFile(f"p{n}.pdf", PDF + bytes([n])),
                by=draft.created_by,
                at=at,
            )
            for n in (65, 66)
        ]
        tender = publish(draft, at=at)
        change = correct(
            tender,
            at,
            added=[("Annexe", SimpleUploadedFile("annexe.pdf", PDF))],
            replaced={kept[0]: SimpleUploadedFile("p65-v2.pdf", PDF + b"2")},
            withdrawn=[kept[1]],
        )
        assert [fact["label"] for fact in change.facts] == [
            "Pièce ajoutée",
            "Pièce remplacée",
            "Pièce retirée",
        ]
        assert [one.name for one in tender.documents.all()] == ["annexe.pdf", "p65-v2.pdf"]
        page = client.get(f"/consultations/{tender.pk}/").content.decode()
        assert "Rectificatif" in page and "pièces retirées ou remplacées" in page
        assert client.get(f"/consultations/{tender.pk}/documents/{kept[1].pk}/").status_code == 200

    def test_the_database_keeps_the_files_that_were_read(self, at):
        draft = make_draft()
        upload = SimpleUploadedFile("cctp.pdf", PDF)
        kept = services.document_add(tender=draft, title="CCTP", upload=upload, by=draft.created_by, at=at)
        publish(draft, at=at)
        with as_owner(), pytest.raises(InternalError, match="kept"), transaction.atomic():
            TenderDocument.objects.filter(pk=kept.pk).delete()
        with pytest.raises(InternalError, match="kept"), transaction.atomic():
            TenderDocument.objects.filter(pk=kept.pk).update(sha256="0" * 64)

    def test_a_place_that_does_not_exist_is_not_published(self, tender, at):
        refusal = refused(correct, tender, at, fields={"department_codes": ["zz"]})
        assert refusal.reasons[0].field == "department_codes"
        assert Change.objects.count() == 0

    def test_nothing_changed_or_no_reason_is_refused(self, tender, at):
        assert "Rien ne change" in str(refused(correct, tender, at, fields={"title": tender.title}))
        refusal = refused(correct, tender, at, reason=" ", fields={"title": "Autre"})
        assert refusal.reasons[0].field == "reason"
        assert Change.objects.count() == 0

    def test_not_after_the_deadline_nor_by_another_house(self, tender, at):
        stranger = make_member(make_published().buyer, Role.BUYER)
        assert refused(correct, tender, at, by=stranger, fields={"title": "X"}).code == "forbidden"
        pass_deadline(tender)
        assert refused(correct, tender, at, fields={"title": "X"}).code == "too_late"

    def test_what_was_published_never_changes(self, tender, at):
        change = correct(tender, at, fields={"title": "Titre juste"})
        with as_owner(), pytest.raises(InternalError), transaction.atomic():
            Change.objects.filter(pk=change.pk).update(reason="Autre")


class TestExtension:
    def ask(self, tender, at, days=7, by=None):
        due_at = tender.submission_due_at + timedelta(days=days)
        return services.extension_ask(
            tender=tender, due_at=due_at, reason="Panne d'une heure.", by=by or tender.created_by, at=at
        )

    def test_two_persons_then_every_round_and_everybody(self, tender, at):
        """S4: after a first deposit, confirmed by a second person, republished to a firm that had withdrawn."""
        second = make_reviewer(tender.buyer)
        by, firm = make_supplier()
        services.bid_withdraw(bid=make_bid(tender, by=by, bidder=firm), by=by)
        stays = make_bid(tender)
        before = tender.submission_due_at
        approval = self.ask(tender, at)
        tender.refresh_from_db()
        assert tender.submission_due_at == before
        approval_confirm(approval=approval, digest=approval.digest, by=second, at=at)
        tender.refresh_from_db()
        assert tender.submission_due_at == before + timedelta(days=7)
        assert selectors.round_in_force(tender).due_at == tender.submission_due_at
        change = Change.objects.get()
        assert (change.kind, change.decided_by, change.confirmed_by) == (
            ChangeKind.EXTENSION,
            tender.created_by,
            second,
        )
        told = set(OutboxEmail.objects.filter(kind="tenders.changed").values_list("recipient", flat=True))
        assert told == {by.pk, Bid.objects.get(pk=stays.pk).deposited_by_id}

    def test_who_asked_does_not_confirm(self, tender, at):
        make_reviewer(tender.buyer)
        approval = self.ask(tender, at)
        refusal = refused(
            approval_confirm, approval=approval, digest=approval.digest, by=tender.created_by, at=at
        )
        assert refusal.code == "forbidden"

    def test_never_sooner(self, tender, at):
        make_reviewer(tender.buyer)
        refusal = refused(self.ask, tender, at, days=-1)
        assert refusal.reasons[0].field == "due_at"

    def test_too_late_at_the_confirmation_changes_nothing(self, tender, at):
        second = make_reviewer(tender.buyer)
        approval = self.ask(tender, at)
        pass_deadline(tender)
        refusal = refused(approval_confirm, approval=approval, digest=approval.digest, by=second, at=at)
        assert refusal.code == "conflict" and Change.objects.count() == 0

    def test_the_database_wants_two_different_persons(self, tender, at):
        for confirmed_by in (None, tender.created_by):
            with pytest.raises(IntegrityError), transaction.atomic():
                Change.objects.create(
                    tender=tender,
                    number=1,
                    kind=ChangeKind.EXTENSION,
                    reason="Seul.",
                    decided_by=tender.created_by,
                    confirmed_by=confirmed_by,
                    published_at=at,
                )


class TestEnd:
    def cancel(self, tender, at, ground):
        return services.tender_cancel(
            tender=tender, reason="Personne ne répond.", ground=ground, by=tender.created_by, at=at
        )

    def test_no_bid_is_said_after_the_deadline_only(self, tender, at):
        refusal = refused(self.cancel, tender, at, CancelGround.NO_BID)
        assert refusal.reasons[0].field == "cancel_ground"
        ended = self.cancel(pass_deadline(tender), at, CancelGround.NO_BID)
        assert ended.cancel_ground == CancelGround.NO_BID
        change = Change.objects.get()
        assert "R2122-2" in change.article and "R2185-2" in change.article

    def test_not_when_a_bid_arrived(self, tender, at):
        make_bid(tender)
        assert refused(self.cancel, pass_deadline(tender), at, CancelGround.NO_BID)

    def test_unfit_offers_are_judged_once_opened(self, tender, at):
        make_bid(tender)
        assert refused(self.cancel, tender, at, CancelGround.NO_FIT_BID)
        assert self.cancel(open_bids(tender), at, CancelGround.NO_FIT_BID).cancelled_at

    def test_the_public_and_the_candidates_read_the_ground(self, tender, at, client):
        by, firm = make_supplier()
        services.bid_withdraw(bid=make_bid(tender, by=by, bidder=firm), by=by)
        self.cancel(tender, at, CancelGround.BUDGET)
        assert "motif économique" in client.get(f"/consultations/{tender.pk}/").content.decode()
        [mail] = OutboxEmail.objects.filter(kind="tenders.cancelled")
        assert mail.recipient_id == by.pk and "motif économique" in mail.context["ground"]
