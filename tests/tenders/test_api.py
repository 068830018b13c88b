"""The whole consultation through the API, and what the API never tells."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from foundation.accounts.enums import Role
from foundation.api.models import AccessToken
from foundation.clock import now
from tenders import selectors, services
from tenders.enums import BidState
from tenders.models import Bid, Lot, Offer, SealedPart, Tender
from tests.accounts.factories import make_member, make_platform_admin
from tests.needs.factories import make_project
from tests.tenders.factories import (
    PASSPHRASE,
    PDF,
    custodians_of,
    make_bid,
    make_custodian,
    make_draft,
    make_published,
    make_supplier,
    open_bids,
    pass_deadline,
    settle_candidatures,
)

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/tenders/"


def client_of(user=None) -> APIClient:
    """A client of the API, as somebody."""
    client = APIClient(headers={"If-Match": "*"})
    if user is not None:
        client.force_authenticate(user)
    return client


def deposit(api, tender, *, price="1000", name="memoire.pdf", content=PDF):
    """Send a bid as another portal would."""
    body = {
        "prices": f'{{"1": {{"UO-1": "{price}", "UO-2": {price}}}}}',
        "files": SimpleUploadedFile(name, content),
        "candidature": '{"is_declared": true}',
    }
    return api.post(f"{ROOT}{tender.pk}/deposit/", body, format="multipart")


def test_a_consultation_from_its_draft_to_its_award():
    project = make_project()
    organisation = project.organisation
    custodians = [make_custodian(organisation) for _number in range(3)]
    api = client_of(project.created_by)
    tender, lot_url = drafted(api, project)
    published(api, tender, custodians)
    firm = answered(tender)
    opened(tender, custodians)
    offer = marked(organisation, lot_url)
    ranking = api.get(f"{lot_url}ranking/").data
    assert (ranking[0]["rank"], ranking[0]["score"]) == (1, "96.00")
    assert api.post(f"{lot_url}award/", {"offers": [offer]}).status_code == 200
    url = address(tender)
    assert api.post(f"{url}award/").status_code == 403
    settle_candidatures(tender)
    decided = client_of(make_member(organisation, Role.SIGNATORY)).post(f"{url}award/")
    assert decided.data["phase"] == "awarded"
    public = client_of().get(url).data
    assert [award["bidder"]["name"] for award in public["awards"]] == [firm.name]

    part = SealedPart.objects.get(kind="file")
    services.opened_files_inspect(at=now())
    content = api.get(f"/api/v1/bids/{part.bid_id}/parts/{part.pk}/content/")
    assert b"".join(content.streaming_content) == PDF


def address(tender) -> str:
    return f"{ROOT}{tender.pk}/"


def drafted(api, project):
    """A draft with its lot, criteria and prices; weights that do not make 100 are refused on the way."""
    draft = {
        "project": project.pk,
        "title": "Un service numérique",
        "description": "Développement agile.",
        "procedure": "open",
        "technique": "framework_orders",
        "estimated_value_excl_tax": "900000.00",
        "maximum_value_excl_tax": "1500000.00",
        "duration_months": 48,
        "cpv_code": "72262000",
        "department_codes": ["75"],
        "submission_due_at": (now() + timedelta(days=45)).isoformat(),
    }
    created = api.post(ROOT, draft)
    assert created.status_code == 201, created.data
    tender = Tender.objects.get(pk=created.data["id"])
    url = address(tender)
    lot = api.post(f"{url}lots/", {"title": "Développement", "max_holders": 2}).data
    lot_url = f"/api/v1/tender-lots/{lot['id']}/"
    criteria = [
        {"label": "Coût du cycle de vie", "kind": "cost", "weight": "60"},
        {"label": "Sobriété", "kind": "quality", "weight": "30", "is_environmental": True},
    ]
    refused = api.put(f"{lot_url}criteria/", {"criteria": criteria})
    assert refused.status_code == 422
    assert refused["Content-Type"] == "application/problem+json"
    assert "90 % au lieu de 100 %" in refused.data["errors"][0]["detail"]
    criteria[1]["weight"] = "40"
    assert api.put(f"{lot_url}criteria/", {"criteria": criteria}).status_code == 200
    lines = [
        {"code": "UO-1", "label": "Une", "unit": "forfait"},
        {"code": "UO-2", "label": "Deux", "unit": "mois"},
    ]
    assert api.put(f"{lot_url}price-lines/", {"lines": lines}).status_code == 200
    return tender, lot_url


def published(api, tender, custodians) -> None:
    """Refused without custodians, then published."""
    url = address(tender)
    refused = api.post(f"{url}publish/")
    assert refused.status_code == 422 and refused.data["errors"][0]["pointer"] == "/custodians"
    emails = [custodian.email for custodian in custodians]
    assert api.put(f"{url}custodians/", {"emails": emails, "threshold": 2}).status_code == 200
    checks = api.get(f"{url}checklist/").data
    assert all(check["is_done"] for check in checks if check["blocking"])
    assert api.post(f"{url}publish/").status_code == 409
    reviewer = client_of(make_member(tender.buyer, Role.SIGNATORY))
    assert api.post(f"{url}review/", {"message": "Prêt."}).data["state"] == "in_review"
    assert api.post(f"{url}review/approve/").status_code == 403
    assert reviewer.post(f"{url}review/approve/").data["state"] == "approved"
    assert reviewer.get(f"{url}review/").data["version"] == 1
    assert api.post(f"{url}publish/").data["phase"] == "receiving"


def answered(tender):
    """A sealed bid that the buyer does not see; returns the firm."""
    supplier, firm = make_supplier()
    answer = deposit(client_of(supplier), tender, price="1234.56")
    assert answer.status_code == 201, answer.data
    assert answer.data["state"] == "deposited"
    assert client_of(tender.created_by).get("/api/v1/bids/").data["results"] == []
    return firm


def opened(tender, custodians) -> None:
    """Too early before the deadline; two custodians after it."""
    url = address(tender)
    refused = client_of(custodians[0]).post(f"{url}opening/", {"passphrase": PASSPHRASE})
    assert refused.status_code == 422 and refused.data["type"].endswith("too_early")

    pass_deadline(tender)
    for custodian in custodians[:2]:
        person = client_of(custodian)
        assert person.post(f"{url}interests/", {"has_interest": False}).status_code == 204
        opening = person.post(f"{url}opening/", {"passphrase": PASSPHRASE})
    assert opening.data["is_open"] is True


def marked(organisation, lot_url) -> int:
    """The offer read, marked and submitted by an evaluator; returns its id."""
    evaluator = client_of(make_member(organisation, Role.EVALUATOR))
    offers = evaluator.get("/api/v1/offers/").data["results"]
    assert [price["unit_price_excl_tax"] for price in offers[0]["prices"]] == ["1234.56", "1234.56"]
    quality = Lot.objects.get().criteria.get(kind="quality")
    mark = {"criterion": quality.pk, "points": "4.5", "comment": "Très bien."}
    assert evaluator.post(f"/api/v1/offers/{offers[0]['id']}/scores/", mark).status_code == 200
    assert evaluator.post(f"{lot_url}submit-scores/").status_code == 200
    return offers[0]["id"]


def test_a_deposit_with_a_real_token_is_sealed_as_it_arrives():
    tender = make_published()
    supplier, _firm = make_supplier()
    _row, token = AccessToken.objects.create(user=supplier, scopes=["bids:write"])
    api = APIClient(headers={"If-Match": "*"})
    api.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    answer = deposit(api, tender, content=b"%PDF-1.7 " + b"confidentiel " * 200_000)
    assert answer.status_code == 201, answer.data
    assert [part["opened"] for part in answer.data["parts"]] == [None] * 4
    part = SealedPart.objects.get(kind="file")
    assert b"confidentiel" not in part.file.open("rb").read()


@pytest.mark.parametrize("name", ["max_candidates", "max_lots_tendered", "max_lots_awarded"])
def test_a_limit_of_none_is_refused_not_an_error(name):
    draft = make_draft()
    answer = client_of(draft.created_by).patch(f"{ROOT}{draft.pk}/", {name: 0}, format="json")
    assert answer.status_code == 422, answer.content


def test_a_deposit_that_cannot_be_read_is_refused_not_an_error():
    """Nested without end, or for a firm whose number is none: told, never an error of the platform."""
    tender, (by, firm) = make_published(), make_supplier()
    api, prices = client_of(by), '{"1": {"UO-1": "1", "UO-2": "2"}}'
    for body in (
        {"prices": "[" * 20_000},
        {"prices": prices, "candidature": "[" * 20_000},
        {"prices": prices, "answers": "[" * 20_000},
    ):
        assert api.post(f"{ROOT}{tender.pk}/deposit/", body, format="multipart").status_code == 422
    for asked in ("²", "9" * 5_000, "-1"):
        found = selectors.answering_firm(by, asked)
        assert found == firm
    assert selectors.answering_firm(by, "9" * 18) is None


def test_a_session_cannot_deposit_through_the_api():
    tender = make_published()
    supplier, _firm = make_supplier()
    api = APIClient(headers={"If-Match": "*"})
    api.force_login(supplier)
    assert deposit(api, tender).status_code == 401
    assert not Bid.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("virus.exe", b"MZ\x90", "n'est pas d'un type accepté"),
        ("memoire.pdf", b"MZ\x90\x00", "ne correspond pas à son extension"),
        ("gros.txt", b"a" * (1024 * 1024 + 1), "dépasse 1 Mo"),
        ("vide.txt", b"", "est vide"),
    ],
)
def test_a_file_that_is_not_accepted_is_refused_by_name(name, content, words):
    tender = make_published(file_limit_mib=1)
    answer = deposit(client_of(make_supplier()[0]), tender, name=name, content=content)
    assert answer.status_code == 422
    assert words in answer.data["errors"][0]["detail"] and name in answer.data["errors"][0]["detail"]
    assert not Bid.objects.exists()


def test_prices_that_are_no_json_are_refused():
    api, tender = client_of(make_supplier()[0]), make_published()
    for prices in ("", "[]", "{", '{"un": {}}', '{"1": 3}'):
        answer = api.post(f"{ROOT}{tender.pk}/deposit/", {"prices": prices}, format="multipart")
        assert answer.status_code == 422, prices


def test_a_late_deposit_is_accepted_marked_and_closed():
    tender = pass_deadline(make_published())
    answer = deposit(client_of(make_supplier()[0]), tender)
    assert answer.status_code == 201
    assert answer.data["state"] == BidState.LATE


def test_the_list_finds_by_words_place_branch_and_phase():
    made = make_published(
        title="Réfection de l'école élémentaire numérique", department_codes=["29"], cpv_code="45000000"
    )
    make_published()
    api = client_of()
    for query, found in (
        ("q=refection ecole", True),
        ("q=écoles", True),
        (f"q={made.reference}", True),
        ("q=piscine", False),
        ("department=29", True),
        ("cpv=45", True),
        ("cpv=45000000-7", True),
        ("phase=to_open", False),
    ):
        results = api.get(f"{ROOT}?{query}").data["results"]
        assert [row["id"] for row in results] == ([made.pk] if found else []), query
    assert len(api.get(f"{ROOT}?phase=receiving").data["results"]) == 2


def test_drafts_bids_and_offers_of_others_do_not_exist():
    draft, tender = make_draft(), make_published()
    bid = make_bid(tender)
    strangers = [None, make_supplier()[0], make_platform_admin(), make_member(make_draft().buyer, Role.BUYER)]
    for stranger in strangers:
        api = client_of(stranger)
        assert api.get(f"{ROOT}{draft.pk}/").status_code == 404
        assert api.get(f"/api/v1/bids/{bid.pk}/").status_code == 404
    for person in (tender.created_by, custodians_of(tender)[0]):
        assert client_of(person).get(f"/api/v1/bids/{bid.pk}/").status_code == 404
    open_bids(tender)
    offer = Offer.objects.get()
    for stranger in strangers:
        assert client_of(stranger).get(f"/api/v1/offers/{offer.pk}/").status_code == 404
        assert client_of(stranger).get(f"/api/v1/bids/{bid.pk}/").status_code == 404
    assert client_of(tender.created_by).get(f"/api/v1/offers/{offer.pk}/").status_code == 200


def test_the_lists_cost_the_same_whatever_their_length(django_assert_num_queries):
    tenders = [make_published() for _number in range(2)]
    supplier, firm = make_supplier()
    api = client_of(supplier)
    for tender in tenders:
        make_bid(tender, by=supplier, bidder=firm)
    with django_assert_num_queries(1):
        api.get(ROOT)
    with django_assert_num_queries(4):
        api.get("/api/v1/bids/")
    for _number in range(3):
        tender = make_published()
        make_bid(tender, by=supplier, bidder=firm)
    with django_assert_num_queries(1):
        api.get(ROOT)
    with django_assert_num_queries(4):
        assert len(api.get("/api/v1/bids/").data["results"]) == 5
