"""Practise without mixing: sealed like a real bid, and nowhere among the real ones (P13, P16)."""

import hashlib
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from foundation.clock import now
from foundation.documents.models import Document
from foundation.errors import Refusal
from foundation.journal.models import Entry
from foundation.notifications.models import OutboxEmail
from tenders import practice, services
from tenders.models import Bid, PracticeDeposit, SealedPart, Tender
from tests.accounts.factories import make_user
from tests.tenders.factories import PDF, make_published, make_supplier

pytestmark = pytest.mark.django_db
PRICES = {1: {"E-1": "1200", "E-2": "650"}}


def deposit(by=None, prices=PRICES, files=(("memoire.pdf", PDF),)):
    by = by or make_user()
    envelope = services.practice_envelope(by=by)
    for name, content in files:
        envelope.seal_file(name, [content])
    return services.practice_deposit(envelope=envelope, prices=prices, by=by)


def test_no_key_leads_from_practice_to_what_is_real_nor_back():
    """The two cannot be joined: no query, however wrong, lists one with the other."""
    ours = list(apps.get_app_config("tenders").get_models())
    practised = {model for model in ours if model.__name__.startswith("Practice")}
    assert len(practised) == 2
    crossed = [
        str(field)
        for model in ours
        for field in model._meta.get_fields()
        if field.is_relation
        and field.concrete
        and field.related_model in ours
        and (model in practised) != (field.related_model in practised)
    ]
    assert crossed == []


def test_a_simulated_deposit_leaves_nothing_but_its_receipt(client):
    lines, mails, papers = Entry.objects.count(), OutboxEmail.objects.count(), Document.objects.count()
    made = deposit()
    assert made.parts.count() == 2
    assert (Tender.objects.count(), Bid.objects.count(), SealedPart.objects.count()) == (0, 0, 0)
    after = (Entry.objects.count(), OutboxEmail.objects.count(), Document.objects.count())
    assert after == (lines, mails, papers)
    words = str(practice.TENDER.title)
    for address in (
        reverse("tenders:list"),
        reverse("tenders:feed"),
        "/api/v1/tenders/",
        "/recherche/?q=entraînement",
    ):
        told = client.get(address).content.decode()
        assert words not in told
        assert str(made.pk) not in told


def test_it_is_sealed_as_a_real_one_under_a_key_that_nobody_keeps():
    envelope = services.practice_envelope(by=make_user())
    part = envelope.seal_file("memoire.pdf", [PDF])
    part.content.seek(0)
    sealed = part.content.read()
    assert PDF not in sealed
    assert hashlib.sha256(sealed).hexdigest() == part.sealed_sha256
    assert services.practice_envelope(by=make_user()).public_key != envelope.public_key


def test_the_envelope_of_a_real_consultation_is_not_practised_with():
    person, firm = make_supplier()
    real = services.envelope_for(tender=make_published(custodians=2), bidder=firm, by=person)
    with pytest.raises(ValueError, match="real"):
        services.practice_deposit(envelope=real, prices=PRICES, by=person)
    false = services.practice_envelope(by=person)
    with pytest.raises((Refusal, AttributeError, ValueError, TypeError)):
        services.bid_deposit(envelope=false, prices=PRICES, by=person)


def test_the_same_refusals_as_for_real_with_what_was_typed_kept(client):
    client.force_login(make_user())
    url = reverse("tenders:practice_deposit")
    answer = client.post(
        url, {"prix-simulation-1": "1200", "lot-1-files": SimpleUploadedFile("x.exe", b"MZ")}
    )
    told = answer.content.decode()
    assert "x.exe" in told
    assert "Écrivez un prix pour cette ligne" in told
    assert 'value="1200"' in told or "1\u202f200" in told
    assert not PracticeDeposit.objects.exists()


def test_a_firm_practises_and_reads_a_receipt_marked_simulation(client):
    person = make_supplier()[0]
    client.force_login(person)
    facts = {
        "prix-simulation-1": "1200",
        "prix-simulation-2": "650",
        "lot-1-files": SimpleUploadedFile("m.pdf", PDF),
    }
    answer = client.post(reverse("tenders:practice_deposit"), facts, follow=True)
    told = answer.content.decode()
    made = PracticeDeposit.objects.get()
    assert "SIMULATION" in told
    assert "m.pdf" in told
    for part in made.parts.all():
        assert part.sealed_sha256 in told
    client.force_login(make_user())
    assert client.get(reverse("tenders:practice_receipt", args=[made.pk])).status_code == 404


def test_anyone_tests_a_workstation_and_reads_the_digest_of_the_file(client):
    url = reverse("tenders:practice")
    told = client.get(url, headers={"User-Agent": "Navigateur/1.0 <b>"}).content.decode()
    assert "Navigateur/1.0 &lt;b&gt;" in told
    assert "Heure de la plateforme" in told
    told = client.post(url, {"upload": SimpleUploadedFile("essai.pdf", PDF)}).content.decode()
    assert hashlib.sha256(PDF).hexdigest() in told
    told = client.post(url, {"upload": SimpleUploadedFile("essai.exe", b"MZ")}).content.decode()
    assert "essai.exe" in told


def test_receipts_are_forgotten_after_a_month():
    deposit()
    assert services.practice_forget(at=now() + timedelta(days=29)) == 0
    assert services.practice_forget(at=now() + timedelta(days=31)) == 1


def test_nobody_practises_without_end(monkeypatch):
    from tenders.services import practice as room

    monkeypatch.setattr(room, "A_DAY", 1)
    person = make_user()
    deposit(person)
    with pytest.raises(Refusal):
        deposit(person)
