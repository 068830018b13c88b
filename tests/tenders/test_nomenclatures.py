"""CPV codes and places: found by their words, accents forgiven; chosen on the page of the draft."""

from html import unescape

import pytest
from django.urls import reverse

from foundation.errors import Refusal
from tenders import nomenclatures as known
from tenders import services
from tests.tenders.factories import make_draft


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("développement logiciels", "72262000"),
        ("developpement de logiciel", "72262000"),
        ("HEBERGEMENT sites", "72415000"),
        ("7226", "72262000"),
        ("formation", "80500000"),
    ],
)
def test_a_cpv_code_is_found_by_its_words(words, code):
    assert code in dict(known.search_cpv(words))


def test_a_search_without_answer_or_without_words_is_empty():
    assert known.search_cpv("licorne") == []
    assert known.search_cpv("  ") == []
    assert known.search_places("!!") == []


def test_every_division_is_known_and_an_unlisted_code_takes_its_parent():
    divisions = {code for code in known.cpv_codes() if code.endswith("000000")}
    assert len(divisions) == 45
    assert known.cpv_label("72212332") == known.cpv_label("72212000")
    assert known.cpv_label("72262000-9") == "Services de développement de logiciels"
    assert known.cpv_label("99000000") == ""


def test_the_official_places_are_whole():
    assert len(known.departments()) == 109
    assert len(known.communes()) == 35014
    assert {place.department for place in known.communes().values()} <= set(known.departments())


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("Nantes", "44109"),
        ("l hay les roses", "94038"),
        ("L’Haÿ-les-Roses", "94038"),
        ("st etienne", "42218"),
        ("44", "44"),
        ("2a", "2A"),
        ("29200", "29019"),
        ("guadeloupe", "971"),
    ],
)
def test_a_place_is_found_by_its_name_or_its_number(words, first):
    assert first in [place.code for place in known.search_places(words)][:3]


@pytest.mark.django_db
def test_a_commune_brings_its_department(at):
    tender = make_draft(at=at, custodians=0)
    by = tender.created_by
    tender = services.tender_update(
        tender=tender, department_codes=["75"], commune_codes=["44109", "44109"], by=by, at=at
    )
    assert (tender.department_codes, tender.commune_codes) == (["75", "44"], ["44109"])
    with pytest.raises(Refusal, match="99999"):
        services.tender_update(tender=tender, commune_codes=["99999"], by=by, at=at)
    with pytest.raises(Refusal, match="numéro de département"):
        services.tender_update(tender=tender, department_codes=["20"], by=by, at=at)


@pytest.mark.django_db
def test_code_and_places_are_searched_and_chosen_without_script(client, at):
    tender = make_draft(at=at, custodians=0, department_codes=["75"])
    client.force_login(tender.created_by)
    page = reverse("tenders:scope", args=[tender.pk])
    told = unescape(client.get(page, {"cpv": "audit informatique"}).content.decode())
    assert "72810000" in told
    assert client.post(page, {"cpv": "72810000"}).url == page
    told = unescape(client.get(page, {"lieu": "brest"}).content.decode())
    assert "Brest (29)" in told
    answer = client.post(f"{page}?lieu=brest", {"add": "29019"})
    assert answer.url == f"{page}?lieu=brest"
    tender.refresh_from_db()
    assert (tender.cpv_code, tender.department_codes) == ("72810000", ["75", "29"])
    client.post(page, {"remove": "29"})
    tender.refresh_from_db()
    assert (tender.department_codes, tender.commune_codes) == (["75"], [])
    assert client.post(page, {}).status_code == 404
    client.post(page, {"add": "999"})
    assert "code officiel" in unescape(client.get(page).content.decode())
    public = reverse("tenders:detail", args=[tender.pk])
    assert "Services d'audit informatique" in unescape(client.get(public).content.decode())
