"""The pages of a draft: what is typed is kept, what is wrong is said in its place."""

from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from foundation.accounts.enums import Role
from foundation.clock import now
from tenders import registry, services
from tenders.enums import TenderState
from tenders.models import Tender
from tests.accounts.factories import make_member
from tests.needs.factories import make_project
from tests.tenders.factories import PDF, approve, make_custodian, make_draft, make_published, make_supplier

pytestmark = pytest.mark.django_db

IDENTITY = {
    "title": "Un service d'aide au logement",
    "description": "Aider chacun à trouver un logement adapté.",
    "procedure": "open",
    "technique": "framework_orders",
    "estimated_value_excl_tax": "900 000,50",
    "maximum_value_excl_tax": "1500000",
    "duration_months": "48",
    "cpv_code": "72262000",
    "department_codes": "75, 2a",
}


def address(name, *args):
    return reverse(f"tenders:{name}", args=args)


def text(answer) -> str:
    told = unescape(answer.content.decode())
    assert "variable inconnue" not in told
    return told


@pytest.fixture
def draft(client):
    tender = make_draft(lots=2)
    client.force_login(tender.created_by)
    return tender


def rows(prefix_rows, initial=0):
    """A table as a browser sends it."""
    data = {"lignes-TOTAL_FORMS": str(len(prefix_rows)), "lignes-INITIAL_FORMS": str(initial)}
    for number, row in enumerate(prefix_rows):
        data |= {f"lignes-{number}-{name}": value for name, value in row.items()}
    return data


def test_a_buyer_starts_from_a_project(client):
    project = make_project()
    client.force_login(project.created_by)
    assert project.title in text(client.get(address("start")))
    assert project.title in text(client.get(address("create", project.pk)))
    answer = client.post(address("create", project.pk), IDENTITY)
    tender = Tender.objects.get()
    assert answer.url == address("lots", tender.pk)
    assert tender.estimated_value_excl_tax == Decimal("900000.50")
    assert tender.department_codes == ["75", "2A"]


def test_only_the_buyers_of_the_project_start_a_draft(client):
    project = make_project()
    client.force_login(make_member(project.organisation, Role.PRESCRIBER))
    assert client.get(address("create", project.pk)).status_code == 404
    client.force_login(make_project().created_by)
    assert client.get(address("create", project.pk)).status_code == 404
    assert client.post(address("create", project.pk), IDENTITY).status_code == 404


def test_what_was_typed_is_kept_with_each_error_beside_its_field(client, draft):
    wrong = {**IDENTITY, "title": "", "department_codes": "Paris", "maximum_value_excl_tax": "beaucoup"}
    told = text(client.post(address("identity", draft.pk), wrong))
    assert 'id="id_title_error"' in told
    assert "« PARIS » n'est pas un numéro de département" in told
    assert "Écrivez un nombre en chiffres" in told
    assert 'value="beaucoup"' in told


def test_a_deadline_too_short_is_refused_beside_its_field_with_its_article(client, draft):
    soon = now() + timedelta(days=12)
    data = {**IDENTITY, "submission_due_at": soon.strftime("%Y-%m-%dT%H:%M")}
    answer = client.post(address("identity", draft.pk), data)
    told = text(answer)
    assert answer.status_code == 200
    assert 'id="id_submission_due_at_error"' in told
    assert "R2161-2" in told
    assert soon.strftime("%Y-%m-%dT%H:%M") in told


def test_the_margin_says_what_is_missing_and_where_to_mend_it(client):
    project = make_project()
    client.force_login(project.created_by)
    client.post(address("create", project.pk), IDENTITY)
    tender = Tender.objects.get()
    told = text(client.get(address("identity", tender.pk)))
    assert "Créez au moins un lot" in told
    assert address("lots", tender.pk) in told
    assert "R2132-9" in told


def test_lots_are_added_changed_and_removed(client, draft):
    client.post(address("lots", draft.pk), {"title": "Un troisième lot", "max_holders": "3"})
    lot = draft.lots.get(number=3)
    client.post(address("lot_update", draft.pk, lot.pk), {"title": "Renommé", "max_holders": "2"})
    lot.refresh_from_db()
    assert (lot.title, lot.max_holders) == ("Renommé", 2)
    client.post(address("lot_remove", draft.pk, lot.pk))
    assert draft.lots.count() == 2


def test_criteria_are_replaced_and_an_emptied_row_is_a_row_removed(client, draft):
    lot = draft.lots.first()
    table = [
        {"label": "", "kind": "quality", "weight": ""},
        {"label": "Prix", "kind": "price", "weight": "60"},
        {"label": "Sobriété", "kind": "quality", "weight": "40,0", "is_environmental": "on"},
        {"label": "", "kind": "quality", "weight": ""},
    ]
    answer = client.post(address("lot_criteria", draft.pk, lot.pk), rows(table, initial=3))
    assert answer.url == address("criteria", draft.pk)
    found = list(lot.criteria.values_list("label", "weight", "is_environmental"))
    assert found == [("Prix", 60, False), ("Sobriété", 40, True)]


def test_weights_that_do_not_make_a_hundred_are_refused_and_kept(client, draft):
    lot = draft.lots.first()
    table = [
        {"label": "Prix", "kind": "price", "weight": "60"},
        {"label": "Qualité", "kind": "quality", "weight": "30"},
    ]
    told = text(client.post(address("lot_criteria", draft.pk, lot.pk), rows(table)))
    assert "font 90 % au lieu de 100 %" in told
    assert 'value="Qualité"' in told
    assert lot.criteria.count() == 3


def test_a_row_half_filled_says_what_it_lacks(client, draft):
    lot = draft.lots.first()
    table = [{"label": "Prix", "kind": "price", "weight": ""}]
    told = text(client.post(address("lot_criteria", draft.pk, lot.pk), rows(table)))
    assert "jalon-error" in told
    assert lot.criteria.count() == 3


def test_the_criteria_of_another_lot_are_copied(client, draft):
    first, second = draft.lots.all()
    services.criteria_set(
        lot=second,
        criteria=[{"label": "Coût", "kind": "cost", "weight": Decimal(100), "is_environmental": True}],
        by=draft.created_by,
        at=now(),
    )
    client.post(address("criteria_copy", draft.pk, second.pk, first.pk))
    assert list(second.criteria.values_list("label", flat=True)) == list(
        first.criteria.values_list("label", flat=True)
    )


def test_a_price_schedule_is_pasted_from_a_spreadsheet(client, draft):
    lot = draft.lots.first()
    pasted = "UO-7\tRecherche usagers\tjour\t12,5\nUO-8\tAudit\tforfait"
    client.post(address("prices_paste", draft.pk, lot.pk), {"pasted": pasted})
    found = list(lot.price_lines.values_list("code", "unit", "simulated_quantity"))
    assert found == [("UO-7", "jour", Decimal("12.5")), ("UO-8", "forfait", Decimal(1))]


@pytest.mark.parametrize(
    ("pasted", "words"),
    [("UO-7;Recherche", "Ligne 1"), ("UO-7;Recherche;jour;beaucoup", "Écrivez un nombre")],
)
def test_a_pasted_line_that_is_not_understood_is_named_and_kept(client, draft, pasted, words):
    lot = draft.lots.first()
    told = text(client.post(address("prices_paste", draft.pk, lot.pk), {"pasted": pasted}))
    assert words in told
    assert pasted in told
    assert lot.price_lines.count() == 2


def test_a_price_schedule_is_written_row_by_row(client, draft):
    lot = draft.lots.first()
    table = [{"code": "A", "label": "Ligne A", "unit": "jour", "simulated_quantity": "1"}]
    answer = client.post(address("lot_prices", draft.pk, lot.pk), {**rows(table), "more": "1"})
    assert answer.url == address("lot_prices", draft.pk, lot.pk)
    assert lot.price_lines.get().code == "A"


def test_a_ready_made_catalogue_is_loaded(client, draft, monkeypatch):
    monkeypatch.setattr(registry, "_templates", {})
    lines = [("UO-L1.1", "Investigation", "unité d'œuvre")]
    template = registry.PriceTemplate("cctp", "Catalogue du CCTP", [(1, "Lot du catalogue", lines)])
    registry.register_price_template(template)
    assert "Catalogue du CCTP" in text(client.get(address("prices", draft.pk)))
    client.post(address("prices", draft.pk), {"template": "cctp"})
    assert draft.lots.get(title="Lot du catalogue").price_lines.get().code == "UO-L1.1"


def test_a_file_of_a_forbidden_type_is_refused_beside_its_field(client, draft):
    upload = SimpleUploadedFile("virus.exe", b"MZ\x90\x00")
    told = text(client.post(address("files", draft.pk), {"title": "Annexe", "file": upload}))
    assert 'id="id_file_error"' in told
    assert "n'est pas d'un type accepté" in told
    assert 'value="Annexe"' in told


def test_files_are_added_and_removed(client, draft):
    client.post(address("files", draft.pk), {"title": "CCTP", "file": SimpleUploadedFile("cctp.pdf", PDF)})
    document = draft.documents.get()
    client.post(address("file_remove", draft.pk, document.pk))
    assert not draft.documents.exists()


def test_custodians_are_named_with_the_state_of_their_key(client, draft):
    late = make_member(draft.buyer, Role.CUSTODIAN)
    told = text(client.get(address("custodians", draft.pk)))
    assert f"{late} (n'a pas encore créé sa clé)" in told
    ready = make_custodian(draft.buyer)
    data = {"custodians": [late.pk, ready.pk], "custodian_threshold": "2"}
    client.post(address("custodians", draft.pk), data)
    assert set(draft.custodians.all()) == {late, ready}


def test_more_custodians_needed_than_named_is_refused_beside_its_field(client, draft):
    ready = make_custodian(draft.buyer)
    data = {"custodians": [ready.pk], "custodian_threshold": "3"}
    assert 'id="id_custodian_threshold_error"' in text(client.post(address("custodians", draft.pk), data))


def test_publication_asks_for_a_confirmation_then_shows_the_public_page(client, draft):
    told = text(client.get(address("publish", draft.pk)))
    assert "Aller à la relecture" in told and "Publier la consultation" not in told
    assert "relire" in text(client.post(address("publish", draft.pk), {"understood": "on"}))
    approve(draft)
    told = text(client.get(address("publish", draft.pk)))
    assert "Publier la consultation" in told
    assert client.post(address("publish", draft.pk), {}).status_code == 200
    answer = client.post(address("publish", draft.pk), {"understood": "on"})
    draft.refresh_from_db()
    assert draft.state == TenderState.PUBLISHED
    assert answer.url == address("detail", draft.pk)


def test_publication_is_not_offered_while_a_point_is_missing(client, draft):
    services.lot_remove(lot=draft.lots.last(), by=draft.created_by, at=now())
    services.price_lines_set(lot=draft.lots.get(), lines=[], by=draft.created_by, at=now())
    told = text(client.get(address("publish", draft.pk)))
    assert "Il reste des points à compléter" in told
    told = text(client.post(address("publish", draft.pk), {"understood": "on"}))
    assert "ajoutez au moins une ligne" in told
    draft.refresh_from_db()
    assert draft.state == TenderState.DRAFT


PAGES = ["identity", "scope", "lots", "criteria", "prices", "files", "custodians", "publish"]


@pytest.mark.parametrize("name", PAGES)
def test_a_published_consultation_is_no_longer_written(client, name):
    tender = make_published()
    client.force_login(tender.created_by)
    assert client.get(address(name, tender.pk)).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_a_draft_is_written_by_its_buyers_only(client, name):
    tender = make_draft()
    client.force_login(make_member(tender.buyer, Role.EVALUATOR))
    assert client.get(address(name, tender.pk)).status_code == 404
    client.force_login(make_draft().created_by)
    assert client.get(address(name, tender.pk)).status_code == 404


def test_giving_up_needs_its_reason(client, draft):
    assert "jalon-error" in text(client.post(address("cancel", draft.pk), {"cancel_reason": " "}))
    client.post(
        address("cancel", draft.pk), {"cancel_ground": "need_gone", "cancel_reason": "Le besoin a disparu."}
    )
    draft.refresh_from_db()
    assert draft.state == TenderState.CANCELLED
    assert "Le besoin a disparu." in text(client.get(address("manage", draft.pk)))


def test_the_list_of_own_consultations_costs_the_same_for_more_rows(client, draft, django_assert_num_queries):
    assert draft.title in text(client.get(address("mine")))
    with django_assert_num_queries(4):
        client.get(address("mine"))
    for _number in range(6):
        make_draft(organisation=draft.buyer, by=draft.created_by, custodians=2)
    with django_assert_num_queries(4):
        client.get(address("mine"))


def test_the_list_of_own_consultations_is_for_buyers_people(client):
    client.force_login(make_project().created_by)
    assert "Aucune consultation pour l'instant" in text(client.get(address("mine")))
    client.force_login(make_supplier()[0])
    assert client.get(address("mine")).status_code == 404


def test_the_page_of_a_draft_tells_what_it_lacks_and_where_its_review_stands(client):
    draft = make_draft()
    client.force_login(draft.created_by)
    told = text(client.get(address("manage", draft.pk)))
    assert "Avant la publication" in told
    assert "Tout est en règle." in told
    assert "à demander quand tout est en règle" in told
    assert "tout est sur cette page" not in told
    services.tender_update(tender=draft, cpv_code="", by=draft.created_by, at=now())
    told = text(client.get(address("manage", draft.pk)))
    assert "Un point à compléter." in told
    assert address("identity", draft.pk) in told


def test_who_may_not_mend_a_draft_reads_its_points_without_their_links(client):
    draft = make_draft()
    services.tender_update(tender=draft, cpv_code="", by=draft.created_by, at=now())
    client.force_login(make_member(draft.buyer, Role.AUDITOR))
    told = text(client.get(address("manage", draft.pk)))
    assert "Un point à compléter." in told
    assert address("identity", draft.pk) not in told
