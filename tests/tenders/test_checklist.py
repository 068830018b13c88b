"""The legal check-list: each thing that is missing is said, on its step, with its article."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from foundation.errors import Refusal
from tenders import legal, services
from tenders.checklist import publication_checklist
from tenders.models import Tender
from tests.owner import behind_the_triggers
from tests.tenders.factories import make_draft

pytestmark = pytest.mark.django_db
AFTER_THE_CLIMATE_LAW = datetime(2026, 11, 2, 9, tzinfo=legal.PARIS)


def said(tender, at) -> dict:
    """Code of each point → what it says, article included."""
    tender = Tender.objects.get(pk=tender.pk)
    return {check.code: " ".join(map(str, check.reasons)) for check in publication_checklist(tender, at)}


def change(tender, at, **notice):
    """A change of the notice."""
    return services.tender_update(tender=tender, by=tender.created_by, at=at, **notice)


def force_publication(tender, at, **facts):
    """What no service does: publish by the table, with the review silenced."""
    with behind_the_triggers(), transaction.atomic():
        Tender.objects.filter(pk=tender.pk).update(state="published", published_at=at, **facts)


@pytest.mark.parametrize("technique", legal.FRAMEWORKS)
def test_a_framework_without_a_maximum_is_not_published(at, technique):
    """J11, in words then in the database itself."""
    tender = change(make_draft(at=at), at, technique=technique, maximum_value_excl_tax=None)
    assert "R2162-4" in said(tender, at)["framework"]
    with pytest.raises(Refusal, match="R2162-4"):
        services.tender_publish(tender=tender, by=tender.created_by, at=at)
    with pytest.raises(IntegrityError, match="has_maximum"):
        force_publication(tender, at)


def test_an_ordinary_contract_or_a_dynamic_system_needs_no_maximum(at):
    tender = change(make_draft(at=at), at, technique="contract", maximum_value_excl_tax=None)
    assert said(tender, at)["framework"] == ""
    change(tender, at, technique="dynamic", procedure="restricted")
    assert said(tender, at)["framework"] == ""


def test_a_lot_without_an_environmental_criterion_is_not_published():
    """J10: from 21 August 2026 (L04)."""
    at = AFTER_THE_CLIMATE_LAW
    tender = make_draft(at=at)
    plain = [
        {"label": "Prix", "kind": "price", "weight": Decimal(60)},
        {"label": "Valeur", "kind": "quality", "weight": Decimal(40)},
    ]
    services.criteria_set(lot=tender.lots.get(), criteria=plain, by=tender.created_by, at=at)
    assert "L2152-7" in said(tender, at)["environment"]
    with pytest.raises(Refusal, match="environnement"):
        services.tender_publish(tender=tender, by=tender.created_by, at=at)
    before = datetime(2026, 8, 20, 9, tzinfo=legal.PARIS)
    assert said(tender, before)["environment"] == ""


@pytest.mark.parametrize(
    ("procedure", "value", "words"),
    [
        ("adapted", 216_000, "procédure formalisée"),
        ("below_threshold", 60_000, "Un avis publié est obligatoire"),
    ],
)
def test_a_procedure_above_its_threshold_is_refused(procedure, value, words):
    at = AFTER_THE_CLIMATE_LAW
    tender = make_draft(at=at)
    small = {"technique": "contract", "maximum_value_excl_tax": None, "procedure": procedure}
    change(tender, at, **small, estimated_value_excl_tax=Decimal(value) - 1)
    assert said(tender, at)["value"] == ""
    change(tender, at, estimated_value_excl_tax=Decimal(value))
    assert words in said(tender, at)["value"]


def test_the_state_is_told_of_its_own_threshold():
    at = AFTER_THE_CLIMATE_LAW
    tender = change(
        make_draft(at=at),
        at,
        procedure="adapted",
        technique="contract",
        estimated_value_excl_tax=Decimal(150_000),
        maximum_value_excl_tax=None,
    )
    told = [check for check in publication_checklist(tender, at) if check.code == "threshold_state"]
    assert [check.blocking for check in told] == [False]


def test_the_maximum_of_a_framework_counts_for_the_threshold():
    """L05."""
    at = AFTER_THE_CLIMATE_LAW
    tender = change(make_draft(at=at), at, procedure="adapted", estimated_value_excl_tax=Decimal(100_000))
    assert "procédure formalisée" in said(tender, at)["value"]


@pytest.mark.parametrize("procedure", ["negotiated", "dialogue", "innovation"])
def test_a_procedure_kept_for_some_cases_says_which(at, procedure):
    tender = change(make_draft(at=at), at, procedure=procedure)
    assert "écrivez lequel" in said(tender, at)["procedure"]
    change(tender, at, procedure_justification="Prestation de conception (R2124-3, 3°).")
    assert said(tender, at)["procedure"] == ""


def test_a_dynamic_system_is_a_restricted_procedure(at):
    tender = change(make_draft(at=at), at, technique="dynamic")
    assert "appel d'offres restreint" in said(tender, at)["procedure"]


def test_fewer_candidates_than_the_law_wants_are_refused(at):
    tender = change(make_draft(at=at), at, procedure="restricted", max_candidates=4)
    assert "au moins 5 candidats" in said(tender, at)["procedure"]
    change(tender, at, max_candidates=5)
    assert said(tender, at)["procedure"] == ""
    change(tender, at, procedure="open")
    assert "laissez ce nombre vide" in said(tender, at)["procedure"]


def test_a_shorter_delay_is_one_the_procedure_knows_and_explains(at):
    tender = make_draft(at=at)
    soon = at + timedelta(days=20)
    with pytest.raises(Refusal, match="R2161-2"):
        change(tender, at, submission_due_at=soon)
    with pytest.raises(Refusal, match="Justifiez le délai réduit"):
        change(tender, at, submission_due_at=soon, delay_ground="urgent")
    words = "Cyberattaque du 3 novembre."
    change(tender, at, submission_due_at=soon, delay_ground="urgent", delay_justification=words)
    assert said(tender, at)["deadline"] == ""
    change(tender, at, procedure="adapted")
    assert "ne connaît pas ce délai réduit" in said(tender, at)["deadline"]


def test_the_database_wants_a_shorter_delay_explained(at):
    tender = make_draft(at=at)
    with pytest.raises(IntegrityError, match="shorter_delay"):
        force_publication(tender, at, delay_ground="urgent")


def test_the_margin_follows_what_is_typed_and_saves_nothing(client, at):
    tender = make_draft(at=at)
    client.force_login(tender.created_by)
    typed = {"title": tender.title, "description": "…", "procedure": "negotiated", "technique": "contract"}
    answer = client.post(f"/consultations/{tender.pk}/redaction/verifications/", typed)
    told = answer.content.decode()
    assert "candidatures, offres, offres finales" in told
    assert "Cette procédure n&#x27;est permise que dans certains cas" in told
    tender.refresh_from_db()
    assert tender.procedure == "open"


def test_anybody_compares_the_procedures(client):
    told = client.get("/consultations/procedures/").content.decode()
    assert "Dialogue compétitif" in told
    assert "R2161-12" in told
    assert "à confirmer" in told


def test_the_margin_follows_the_criteria_that_are_typed(client, at):
    tender = make_draft(at=at)
    client.force_login(tender.created_by)
    lot = tender.lots.get()
    typed = {
        "lot": lot.pk,
        "lignes-TOTAL_FORMS": "2",
        "lignes-INITIAL_FORMS": "0",
        "lignes-0-level": "1",
        "lignes-0-label": "Prix",
        "lignes-0-kind": "price",
        "lignes-0-weight": "70",
        "lignes-1-level": "1",
        "lignes-1-label": "Valeur",
        "lignes-1-kind": "quality",
        "lignes-1-weight": "20",
    }
    told = client.post(f"/consultations/{tender.pk}/redaction/verifications/", typed).content.decode()
    assert "font 90 % au lieu de 100 %" in told
    assert "au moins un critère doit porter sur l&#x27;environnement" in told
    assert lot.criteria.count() == 3
