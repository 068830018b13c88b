"""The supplier's file: who keeps it, what is kept, what is told, what a candidature copies."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from concierge import rules, selectors, services, tasks
from concierge.models import Certificate, Reference, SupplierFile
from concierge.screens import _panel
from foundation.accounts.enums import Role
from foundation.errors import Refusal
from foundation.files.checks.signatures import EICAR
from foundation.journal.models import Entry
from foundation.notifications.models import Notification
from tests.accounts.factories import make_buyer_org, make_member, make_supplier_org
from tests.concierge.factories import make_certificate, make_firm, scan

pytestmark = pytest.mark.django_db


def test_the_facts_are_written_once_and_the_siret_is_never_asked(at):
    firm, keeper = make_firm(name="Les Ateliers")
    figures = {2025: (Decimal("120000.00"), 4), 2024: (None, 3), 2023: (None, None)}
    services.file_update(organisation=firm, figures=figures, legal_form="sas", size="micro", by=keeper, at=at)
    copy = selectors.frozen(firm, selectors.day_of(at))
    assert copy["siren"] == firm.siret[:9] and copy["organisation"]["name"] == "Les Ateliers"
    assert copy["facts"]["legal_form_label"] == "SAS"
    assert [(one["year"], one["turnover_excl_tax"], one["staff"]) for one in copy["figures"]] == [
        (2025, "120000.00", 4),
        (2024, "", 3),
    ]
    assert Entry.objects.filter(action="concierge.file_update").count() == 1


def test_only_the_keepers_of_the_firm_write_its_file(at):
    firm, _keeper = make_firm()
    _other, stranger = make_firm()
    buyer = make_member(make_buyer_org(), Role.BUYER)
    for person in (stranger, buyer):
        assert not rules.can_edit_supplier_file(person, firm)
        with pytest.raises(Refusal) as refused:
            services.file_update(organisation=firm, figures={}, by=person, at=at)
        assert refused.value.reasons[0].code == "forbidden"
    assert rules.can_edit_supplier_file(make_member(firm, Role.ORG_ADMIN), firm)
    own = make_buyer_org()
    assert not rules.can_edit_supplier_file(make_member(own, Role.ORG_ADMIN), own)


def test_two_people_who_write_at_once_do_not_erase_each_other(at):
    firm, keeper = make_firm()
    first = services.file_update(organisation=firm, figures={}, legal_form="sas", by=keeper, at=at)
    services.file_update(
        organisation=firm, figures={}, legal_form="sa", version=first.version, by=keeper, at=at
    )
    with pytest.raises(Refusal, match="Un collègue"):
        services.file_update(organisation=firm, figures={}, legal_form="sarl", version=1, by=keeper, at=at)
    assert SupplierFile.objects.get().legal_form == "sa"


def test_a_paper_in_force_takes_the_place_of_the_former(at, django_capture_on_commit_callbacks):
    firm, keeper = make_firm()
    former = make_certificate(firm, keeper, at)
    with django_capture_on_commit_callbacks(execute=True):
        latter = make_certificate(firm, keeper, at, ends_in=400)
    assert [one.pk for one in Certificate.objects.all()] == [latter.pk]
    assert not default_storage.exists(former.content.name) and default_storage.exists(latter.content.name)
    make_certificate(firm, keeper, at, kind="qualification", title="Qualiopi")
    make_certificate(firm, keeper, at, kind="qualification", title="ISO 27001")
    assert Certificate.objects.count() == 3
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.create(
            file=latter.file, kind="liability", content="x", name="x", content_type="x", size=1, sha256="0" * 64,
            added_by=keeper, added_at=at,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("kbis.pdf", EICAR, "malveillant"),
        ("kbis.exe", b"MZ", "type accepté"),
        ("kbis.pdf", b"%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS(x)>>>>endobj\n%%EOF", "kbis.pdf"),
    ],
)
def test_a_file_that_hurts_does_not_enter(at, name, content, words):
    """U1: a paper passes the same checks as every upload."""
    firm, keeper = make_firm()
    with pytest.raises(Refusal, match=words):
        make_certificate(firm, keeper, at, upload=scan(name, content))
    assert not Certificate.objects.exists()


def test_a_paper_that_has_ended_is_refused_beside_its_date(at):
    firm, keeper = make_firm()
    with pytest.raises(Refusal) as refused:
        make_certificate(firm, keeper, at, ends_in=-1)
    assert refused.value.reasons[0].field == "expires_date"


def test_reminders_go_once_for_each_term(at):
    firm, keeper = make_firm()
    paper = make_certificate(firm, keeper, at, ends_in=40)
    told = []
    for days in (0, 9, 11, 12, 34, 35, 40, 41, 60):
        services.certificates_remind(at=at + timedelta(days=days))
        told.append(Notification.objects.filter(recipient=keeper).count())
    assert told == [0, 0, 1, 1, 2, 2, 2, 3, 3]
    paper.refresh_from_db()
    assert paper.reminders == 3
    tasks.remind_of_certificates()


def test_the_copy_takes_only_what_is_still_valid(at):
    firm, keeper = make_firm()
    make_certificate(firm, keeper, at, kind="social", ends_in=5)
    make_certificate(firm, keeper, at, kind="tax", ends_in=None)
    today = selectors.day_of(at)
    assert {one["kind"] for one in selectors.frozen(firm, today)["documents"]} == {"social", "tax"}
    later = today + timedelta(days=6)
    assert {one["kind"] for one in selectors.frozen(firm, later)["documents"]} == {"tax"}
    assert selectors.frozen(make_supplier_org(), today)["documents"] == []


def test_crossed_dates_of_a_reference_are_refused_by_the_service_and_by_the_database(at):
    firm, keeper = make_firm()
    facts = {"client": "Ville", "subject": "Site", "started_date": date(2025, 5, 1)}
    with pytest.raises(Refusal) as refused:
        services.reference_save(organisation=firm, ended_date=date(2025, 4, 1), by=keeper, at=at, **facts)
    assert refused.value.reasons[0].field == "ended_date"
    kept = services.reference_save(organisation=firm, by=keeper, at=at, **facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reference.objects.filter(pk=kept.pk).update(ended_date=date(2025, 4, 1))


def test_what_is_removed_is_journalled(at):
    firm, keeper = make_firm()
    capacity = services.capacity_save(organisation=firm, title="Design", description="", by=keeper, at=at)
    services.capacity_remove(capacity=capacity, by=keeper, at=at)
    services.certificate_remove(certificate=make_certificate(firm, keeper, at), by=keeper, at=at)
    actions = [entry.action for entry in Entry.objects.order_by("pk")]
    assert actions == [
        "concierge.capacity_save",
        "concierge.capacity_remove",
        "concierge.certificate_add",
        "concierge.certificate_remove",
    ]


def test_the_dashboard_says_what_is_missing_and_what_ends(at):
    firm, keeper = make_firm()
    make_certificate(firm, keeper, at, ends_in=10)
    panel = _panel(keeper)
    assert panel["organisation"] == firm and panel["met"] == 1 and len(panel["ending"]) == 1
    assert _panel(make_member(make_buyer_org(), Role.BUYER)) is None
