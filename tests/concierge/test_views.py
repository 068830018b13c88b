"""The pages of the supplier's file, as its keeper uses them."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from concierge import services
from concierge.models import Certificate, SupplierFile
from tests.concierge.factories import make_certificate, make_firm, scan

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm():
    return make_firm(name="Les Ateliers")


@pytest.fixture
def browser(firm):
    client = Client()
    client.force_login(firm[1])
    return client


def url(name, firm, *args):
    return reverse(f"concierge:{name}", args=[firm[0].pk, *args])


def test_an_empty_file_says_what_buyers_look_for(firm, browser):
    page = browser.get(reverse("concierge:home"), follow=True)
    assert page.status_code == 200
    text = page.content.decode()
    assert "Rempli une fois" in text and "Aucune pièce" in text and firm[0].siret in text
    assert "R2143-13" in text


def test_the_facts_are_filled_and_what_is_wrong_is_kept(firm, browser):
    form = browser.get(url("facts", firm)).context["form"]
    year = form.years[0]
    data = {"version": 0, "legal_form": "sas", f"turnover-{year}": "1 234 567,50", f"staff-{year}": "abc"}
    page = browser.post(url("facts", firm), data)
    assert "1 234 567,50" in page.content.decode() and not SupplierFile.objects.exists()
    page = browser.post(url("facts", firm), {**data, f"staff-{year}": "12"}, follow=True)
    assert "Votre dossier est à jour" in page.content.decode()
    assert str(SupplierFile.objects.get().figures.get(year=year).turnover_excl_tax) == "1234567.50"


def test_a_paper_is_added_read_and_removed(firm, browser):
    upload = scan("assurance 2026.pdf")
    browser.post(url("certificate_add", firm), {"kind": "liability", "upload": upload})
    paper = Certificate.objects.get()
    followed = browser.get(url("certificate", firm, paper.pk), follow=True)
    assert followed["Content-Disposition"].startswith("attachment") and b"".join(followed.streaming_content)
    browser.post(url("certificate_remove", firm, paper.pk))
    assert not Certificate.objects.exists()


def test_a_row_of_another_firm_is_not_reached_through_ones_own(firm, browser, at):
    """X1: the address names a firm; its rows are those of this firm only."""
    other, keeper = make_firm()
    capacity = services.capacity_save(organisation=other, title="x", description="", by=keeper, at=at)
    paper = make_certificate(other, keeper, at)
    services.file_update(organisation=firm[0], figures={}, by=firm[1], at=at)
    assert browser.get(url("capacity", firm, capacity.pk)).status_code == 404
    assert browser.post(url("capacity_remove", firm, capacity.pk)).status_code == 404
    assert browser.get(url("certificate", firm, paper.pk)).status_code == 404


def test_references_and_capacities_are_written_and_corrected(firm, browser):
    browser.post(
        url("reference_add", firm), {"client": "Ville", "subject": "Site", "started_date": "2025-01-01"}
    )
    row = SupplierFile.objects.get().references.get()
    data = {"client": "Ville de Nantes", "subject": "Site", "started_date": "01/02/2025"}
    browser.post(url("reference", firm, row.pk), data)
    row.refresh_from_db()
    assert row.client == "Ville de Nantes"
    browser.post(url("reference_remove", firm, row.pk))
    browser.post(url("capacity_add", firm), {"title": "Design"})
    page = browser.get(url("detail", firm)).content.decode()
    assert "Design" in page and "Ville de Nantes" not in page


def test_the_page_keeps_its_number_of_queries(firm, browser, at):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            browser.get(url("detail", firm))
        return len(captured)

    services.capacity_save(organisation=firm[0], title="x", description="", by=firm[1], at=at)
    make_certificate(firm[0], firm[1], at)
    few = queries()
    for number in range(10):
        services.capacity_save(organisation=firm[0], title=f"c{number}", description="", by=firm[1], at=at)
        make_certificate(firm[0], firm[1], at, kind="qualification", title=f"q{number}")
    assert queries() == few <= 12
