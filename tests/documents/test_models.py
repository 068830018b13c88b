"""What PostgreSQL refuses, whoever asks."""

import uuid

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from foundation.documents.models import Document
from tests.accounts.factories import make_buyer_org
from tests.documents.factories import make_document, make_ready_document
from tests.owner import as_owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(at):
    return make_document(about=make_buyer_org(), at=at)


def refuse(document, error=DatabaseError, **changes):
    with as_owner(), pytest.raises(error), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(**changes)


@pytest.mark.parametrize(
    "changes",
    [{"facts": {"total": "1"}}, {"number": "BC-2026-9999"}, {"title": "Autre"}, {"kind": "tests.other"}],
    ids=lambda changes: next(iter(changes)),
)
def test_facts_stay_as_they_were_frozen(document, changes):
    refuse(document, **changes)


def test_ready_needs_its_file_and_its_digest(document, at):
    Document.objects.filter(pk=document.pk).update(state="rendering", claim=uuid.uuid4(), rendering_at=at)
    refuse(document, IntegrityError, state="ready", ready_at=at, claim=None, rendering_at=None)
    refuse(
        document, IntegrityError, state="ready", ready_at=at, size=10, pages=1, sha256="é" * 64, file="x.pdf"
    )


def test_no_file_before_it_is_ready(document):
    refuse(document, IntegrityError, file="documents/half.pdf")


def test_rendering_always_says_who_holds_it(document):
    refuse(document, IntegrityError, state="rendering")


def test_a_state_cannot_be_jumped_over(document, at):
    refuse(document, state="failed", failed_at=at)


def test_a_ready_document_never_changes_again(at):
    document = make_ready_document(about=make_buyer_org(), at=at)
    refuse(document, state="pending", ready_at=None, size=None, pages=None, sha256="", file="")
    refuse(document, sha256="0" * 64)


def test_a_numbered_document_cannot_be_deleted(document):
    with as_owner(), pytest.raises(DatabaseError), transaction.atomic():
        document.delete()


def test_two_documents_never_share_a_number(document, at):
    twin = {"kind": "tests.order", "number": document.number, "facts": {}, "created_at": at}
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.create(**twin)
