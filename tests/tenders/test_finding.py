"""The public list: filters, order, misspelt words, the same answers on the page and in the API."""

from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localtime

from tenders.filters import TenderFilter, TenderListFilter
from tests.tenders.factories import make_published, pass_deadline

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    """A school in Corsica, and a service in Paris."""
    school = make_published(
        title="Réfection de l'école élémentaire",
        department_codes=["2A"],
        cpv_code="45000000",
        estimated_value_excl_tax=Decimal(60_000),
        maximum_value_excl_tax=Decimal(90_000),
        custodians=2,
    )
    return school, make_published(title="Développement d'un portail", custodians=2)


def read(client, **query):
    answer = client.get(reverse("tenders:list"), query)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


SEARCHES = [
    {"q": "refection ecole"},
    {"q": "écoles"},
    {"department": "2a"},
    {"cpv": "45"},
    {"amount_max": "100000"},
    {"procedure": "open", "q": "élémentaire"},
]


@pytest.mark.parametrize("query", SEARCHES, ids=str)
def test_the_page_and_the_api_find_the_same(client, pair, query):
    school, portal = pair
    told = read(client, **query)
    assert school.title in told
    assert portal.title not in told
    rows = client.get("/api/v1/tenders/", query).json()["results"]
    assert [row["id"] for row in rows] == [school.pk]


def test_the_deadline_is_a_day_or_an_instant(client, pair):
    due = pair[0].submission_due_at
    day = localtime(due).date()
    for query, found in (
        ({"due_before": day.isoformat()}, 2),
        ({"due_before": due.isoformat()}, 0),
        ({"due_after": due.isoformat()}, 2),
        ({"due_after": (day + timedelta(days=2)).isoformat()}, 0),
    ):
        assert len(client.get("/api/v1/tenders/", query).json()["results"]) == found, query


@pytest.mark.parametrize(
    "value", ["9999-12-31", "0001-01-01", "9999-12-31T23:59:59Z", "2026-03-03T12:00:00", "T", "x"]
)
def test_a_date_that_is_none_is_said_beside_its_field(client, pair, value):
    assert "Écrivez une date" in read(client, due_before=value)
    assert client.get("/api/v1/tenders/", {"due_before": value}).status_code == 422


def test_words_too_long_are_said(client, pair):
    assert pair[0].title in read(client, q="é" * 201)


def test_a_misspelt_word_finds_the_nearest_titles_and_says_so(client, pair):
    told = read(client, q="elementere")
    assert pair[0].title in told
    assert "voici celles dont l’intitulé s’en approche" in told
    assert pair[0].title in read(client, q="refetcion")
    assert "s’en approche" not in read(client, q="introuvable")


def test_every_filter_at_once_stays_in_the_address_of_the_next_page(client, pair):
    told = read(
        client, q="portail", department="75", cpv="72", procedure="open", amount_min="1000", sort="due"
    )
    assert pair[1].title in told
    for value in ("portail", "75", "72", "1000"):
        assert f'value="{value}"' in told


def test_relevance_puts_the_title_before_the_description(client):
    described = make_published(
        title="Tout autre chose", description="Des lampadaires à vérifier.", custodians=2
    )
    titled = make_published(title="Lampadaires", description="À vérifier.", custodians=2)
    described.refresh_from_db()
    later = make_published(title="Plus rien", description="Encore des lampadaires.", custodians=2)
    latest = read(client, q="lampadaires")
    assert latest.index(later.title) < latest.index(titled.title)
    ranked = read(client, q="lampadaires", sort="relevance")
    assert ranked.index(titled.title) < ranked.index(described.title)
    assert ranked.index(titled.title) < ranked.index(later.title)


def test_by_deadline_only_the_open_ones_are_told(client, pair):
    pass_deadline(pair[1])
    told = read(client, sort="due")
    assert pair[0].title in told
    assert pair[1].title not in told


def test_a_search_costs_the_same_whatever_it_finds(client, pair):
    """Two statements; one more with words, which are looked up before they are put in order."""
    costs = []
    for query in ({}, {"q": "école", "department": "2A", "sort": "relevance"}, {"q": "elementere"}):
        with CaptureQueriesContext(connection) as seen:
            read(client, **query)
        costs.append(len(seen))
    assert costs == [2, 3, 3]


def test_the_open_ones_have_their_own_small_index():
    """Partial, on place and words together: what keeps the search of suppliers flat from 10k to 1M notices."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'tender_open_words'")
        [(told,)] = cursor.fetchall()
    assert "gin (department_codes, search_vector)" in told
    assert "published" in told.split("WHERE")[1]


def test_the_two_filtersets_speak_of_the_same_things():
    assert set(TenderListFilter.base_filters) - set(TenderFilter.base_filters) == {"sort"}
