"""X6: the one search box finds what a person may see, and nothing else, in words forgiven their spelling."""

from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.accounts.enums import Role
from foundation.search import registry, selectors
from foundation.search.selectors import search
from tenders.models import Tender
from tests.accounts.factories import make_buyer_org, make_member, make_organisation, make_user
from tests.framework_agreements.factories import make_order, make_world
from tests.needs.factories import make_project
from tests.tenders.factories import make_bid, make_draft, make_published, make_supplier, open_bids

pytestmark = pytest.mark.django_db
ANYONE = None


def page(client, words, **more):
    query = "&".join(f"{key}={quote(str(value))}" for key, value in {"q": words, **more}.items())
    return client.get(f"{reverse('search:results')}?{query}")


def text(response) -> str:
    return response.content.decode()


def titles(answer, code=""):
    return [r.plain_title for g in answer.groups for r in g.results if code in ("", g.kind.code)]


@pytest.fixture
def anonymous():
    from django.contrib.auth.models import AnonymousUser

    return AnonymousUser()


def test_words_are_found_without_their_accents_nor_their_endings(anonymous):
    make_published(title="Refonte des démarches d'accueil des étrangers")
    for words in ("demarche accueil", "DÉMARCHES", "étranger", "Etrangers demarches"):
        assert titles(search(anonymous, words), "tenders"), words


def test_a_misspelt_word_finds_what_was_meant(client):
    make_published(title="Incubateur de services numériques")
    shown = text(page(client, "incubatuer"))
    assert "Rien ne contient" in shown
    assert "Vouliez-vous dire" in shown
    assert 'q=incubateur"' in shown
    assert "Incubateur de services numériques" in shown


def test_two_letters_exchanged_find_what_was_meant(client):
    make_published(title="Incubateur de services numériques")
    shown = text(page(client, "serivces"))
    assert 'q=services"' in shown
    assert "Incubateur de services numériques" in shown


def test_nothing_at_all_is_said_kindly(client):
    assert "Rien ne correspond" in text(page(client, "xyzzyplugh"))
    assert "Que cherchez-vous" in text(page(client, "   "))


@pytest.mark.parametrize(
    "words", ['"', "'", "a & | !", "<->", "\\", "%", "a:*b", "\x00", "é" * 500, "🙂", "-", "((", "or or"]
)
def test_any_words_are_harmless(client, words):
    make_published()
    assert page(client, words).status_code == 200


def test_words_found_are_marked_and_everything_else_escaped(client):
    make_published(
        title="Achat <script>alert(1)</script> responsable", description="Un <b>achat</b> & des suites"
    )
    shown = text(page(client, "achat"))
    assert "<mark>Achat</mark> &lt;script&gt;" in shown
    assert "<script>alert" not in shown
    assert "<mark>achat</mark>" in shown
    assert "&amp; des suites" in shown
    assert "<b>" not in shown


def test_the_box_is_on_every_page_and_keeps_the_words(client):
    assert 'action="/recherche/"' in text(client.get("/"))
    assert 'value="&quot;&gt;&lt;b&gt;"' in text(page(client, '"><b>'))


def test_one_kind_is_read_page_by_page(client, monkeypatch):
    monkeypatch.setattr(selectors, "PAGE_SIZE", 2)
    monkeypatch.setattr(selectors, "SHOWN", 2)
    for number in range(3):
        make_published(title=f"Marché de cartographie {number}")
    everywhere = text(page(client, "cartographie"))
    assert "3 résultats" in everywhere
    assert "dans=tenders" in everywhere
    first = text(page(client, "cartographie", dans="tenders"))
    assert "page=2" in first
    second = text(page(client, "cartographie", dans="tenders", page=2))
    assert second.count("jalon-found__title") == 1


def test_counts_stop_at_their_limit(client, monkeypatch):
    monkeypatch.setattr(selectors, "COUNT_LIMIT", 2)
    for number in range(3):
        make_published(title=f"Marché de géomatique {number}")
    assert "plus de 2 résultats" in text(page(client, "geomatique"))


class TestWhoFindsWhat:
    """Each kind, each role: what is found is what the rule shows, never more."""

    def test_a_draft_is_found_by_those_who_write_it_only(self, anonymous):
        draft = make_draft(title="Brouillon confidentiel d'hélicoptère")
        assert titles(search(draft.created_by, "hélicoptère"), "tenders")
        stranger = make_member(make_buyer_org(), Role.BUYER)
        for user in (anonymous, make_user(), stranger, make_supplier()[0]):
            assert not titles(search(user, "hélicoptère")), user
            assert not titles(search(user, "helicoptaire")), user

    def test_a_project_is_found_by_its_team_only(self, anonymous):
        organisation = make_buyer_org()
        buyer = make_member(organisation, Role.BUYER)
        from foundation.clock import now

        make_project(organisation=organisation, by=buyer, at=now(), title="Projet secret de zeppelin")
        assert titles(search(buyer, "zeppelin"), "projects")
        for user in (anonymous, make_user(), make_member(organisation, Role.SIGNATORY)):
            assert not titles(search(user, "zeppelin")), user

    def test_an_organisation_is_found_by_its_members_and_the_administrator(self, anonymous):
        organisation = make_organisation("buyer", name="Syndicat mixte de Trifouilly")
        member = make_member(organisation, Role.AUDITOR)
        admin = make_member(make_organisation("other"), Role.PLATFORM_ADMIN)
        assert titles(search(member, "trifouilly"), "organisations")
        assert titles(search(admin, "trifouilli"), "organisations")
        for user in (anonymous, make_user(), make_member(make_buyer_org(), Role.BUYER)):
            assert not titles(search(user, "trifouilly")), user

    @pytest.mark.parametrize(
        "code", ["agreements", "documents", "orders", "organisations", "projects", "startups", "tenders"]
    )
    def test_every_kind_asks_its_own_rule(self, anonymous, code):
        """The registry holds the rule itself, so that a change of the rule changes the search."""
        visible = registry.find(code).visible_to
        assert visible.__name__.endswith("_visible_to")
        assert visible(anonymous).query is not None

    def test_an_order_is_found_by_its_parties_only(self, anonymous):
        order = make_order(make_world(), title="Commande de girouettes")
        for person in (order.created_by, make_member(order.beneficiary.organisation, Role.AUDITOR)):
            assert titles(search(person, "girouettes"), "orders"), person
        holder = make_member(order.holder.organisation, Role.SUPPLIER)
        for user in (
            anonymous,
            make_user(),
            holder,
            make_supplier()[0],
            make_member(make_buyer_org(), Role.BUYER),
        ):
            assert not titles(search(user, "girouettes")), user

    def test_nothing_of_a_sealed_bid_is_found(self, anonymous):
        tender = make_published()
        by, firm = make_supplier()
        canary = b"phrase canari rhinoceros"
        make_bid(tender, by=by, bidder=firm, files=[("rhinoceros.txt", canary)])
        readers = [make_member(tender.buyer, role) for role in (Role.BUYER, Role.CUSTODIAN, Role.EVALUATOR)]
        for user in (anonymous, by, *readers):
            assert not titles(search(user, "rhinoceros")), user
            assert firm.name not in " ".join(titles(search(user, firm.name))) or user == by

    def test_documents_are_found_exactly_by_those_whom_their_kind_lets_see(
        self, anonymous, django_capture_on_commit_callbacks
    ):
        from foundation.documents.models import Document
        from foundation.documents.rules import can_view_document
        from foundation.search.kinds import documents_visible_to

        tender = make_published()
        by, firm = make_supplier()
        with django_capture_on_commit_callbacks(execute=True):
            make_bid(tender, by=by, bidder=firm)
            open_bids(tender)
        people = [
            make_member(tender.buyer, role)
            for role in Role
            if role not in (Role.SUPPLIER, Role.CONCIERGE, Role.PLATFORM_ADMIN)
        ]
        people += [anonymous, make_user(), by, make_supplier()[0], make_member(make_buyer_org(), Role.BUYER)]
        ready = list(Document.objects.filter(state="ready"))
        assert {document.kind for document in ready} >= {"tenders.receipt", "tenders.opening_record"}
        for user in people:
            found = set(documents_visible_to(user))
            readable = {
                d for d in ready if d.kind in registry.document_readers() and can_view_document(user, d)
            }
            assert found == readable, user


class TestCost:
    def test_a_search_is_two_statements_and_three_when_words_are_misspelt(
        self, anonymous, django_assert_num_queries
    ):
        for number in range(3):
            make_published(title=f"Observatoire n° {number}")
        with django_assert_num_queries(2):
            search(anonymous, "observatoire")
        with django_assert_num_queries(3):
            search(anonymous, "obzervatoire")

    def test_the_page_stays_under_twelve(self, client):
        tender = make_published(title="Observatoire des loyers")
        buyer = make_member(tender.buyer, Role.BUYER)
        make_project(organisation=tender.buyer, by=buyer, at=tender.created_at, title="Observatoire")
        client.force_login(buyer)
        for words in ("observatoire", "obzervatoire"):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert "Observatoire" in text(page(client, words))
            assert len(queries) <= 12, [query["sql"][:90] for query in queries]


class TestIndexes:
    """With sequential reading discouraged, each kind is read through its own indexes: they match the queries."""

    @pytest.mark.parametrize("kind", registry.kinds(), ids=lambda kind: kind.code)
    @pytest.mark.parametrize("find", [selectors._exact, selectors._near], ids=["words", "spelling"])
    def test_the_plan_uses_an_index_of_words(self, kind, find):
        user = make_member(make_organisation("other"), Role.PLATFORM_ADMIN)
        model = kind.visible_to(user).model
        everything = registry.SearchKind(
            kind.code,
            kind.label,
            lambda _user: model._default_manager.all(),
            kind.address,
            kind.vector,
            kind.title,
        )
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        plan = find(everything, user, "observatoire").order_by().values("pk").explain()
        wanted = "spelling" if find is selectors._near else "search"
        assert "Bitmap Index Scan" in plan, plan
        assert wanted in plan, plan


class TestApi:
    def test_the_same_answer_as_the_page(self, client):
        tender = make_published(title="Plateforme <b>d'hébergement</b>")
        answer = client.get("/api/v1/search/?q=hebergement").json()
        [group] = answer["groups"]
        assert (group["kind"], group["count"], group["is_capped"]) == ("tenders", 1, False)
        [found] = group["results"]
        assert found["title"] == "Plateforme <b>d'hébergement</b>"
        assert found["url"].endswith(reverse("tenders:detail", args=[tender.pk]))

    def test_a_kind_that_does_not_exist_is_refused(self, client):
        assert client.get("/api/v1/search/?q=a&kind=secrets").status_code == 422
        assert client.get("/api/v1/search/").status_code == 422

    def test_drafts_of_others_are_not_there(self, client):
        make_draft(title="Brouillon de paratonnerre")
        assert client.get("/api/v1/search/?q=paratonnerre").json()["groups"] == []
        assert Tender.objects.filter(title__contains="paratonnerre").exists()
