"""Every error of the API is a problem+json in French, whatever went wrong."""

import pytest
from django.core.exceptions import ValidationError as ModelValidationError
from django.urls import reverse
from rest_framework import exceptions
from rest_framework.test import APIClient

from foundation.api import problems
from foundation.api.errors import exception_handler
from foundation.errors import Reason, Refusal
from tests.accounts.factories import make_buyer_org, make_member, make_platform_admin, make_supplier_org

pytestmark = pytest.mark.django_db

MEMBERS = {"type", "title", "status", "detail", "instance"}


@pytest.fixture
def client():
    return APIClient()


def check(response, status, code):
    """A problem of this status and code, with every member."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert set(body) >= MEMBERS
    assert body["status"] == status
    assert body["type"] == f"/api/v1/problems/{code}"
    assert body["title"]
    assert body["detail"]
    return body


def test_unknown_address_is_404(client):
    body = check(client.get("/api/v1/nowhere/"), 404, "not_found")
    assert body["instance"] == "/api/v1/nowhere/"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_unknown_address_is_404_whatever_the_method(client, method):
    check(getattr(client, method)("/api/v1/nowhere"), 404, "not_found")


def test_without_token_is_401(client):
    response = client.get("/api/v1/me/")
    check(response, 401, "unauthenticated")
    assert response["WWW-Authenticate"] == "Token"


@pytest.mark.parametrize("token", ["nonsense", "é" * 20, "a" * 64, "\udcff"])
def test_with_a_wrong_token_is_401(client, token):
    header = f"Token {token}".encode("utf-8", "surrogateescape").decode("latin-1")
    body = check(client.get("/api/v1/me/", HTTP_AUTHORIZATION=header), 401, "unauthenticated")
    assert "profil" in body["detail"]


def test_with_a_malformed_header_is_401(client):
    check(client.get("/api/v1/me/", HTTP_AUTHORIZATION="Token"), 401, "unauthenticated")
    check(client.get("/api/v1/me/", HTTP_AUTHORIZATION="Token a b"), 401, "unauthenticated")


def test_wrong_method_is_405(client):
    client.force_authenticate(make_platform_admin())
    response = client.delete("/api/v1/organisations/")
    check(response, 405, "method_not_allowed")
    assert "POST" in response["Allow"]


def test_wrong_media_type_is_415(client):
    client.force_authenticate(make_platform_admin())
    response = client.post("/api/v1/organisations/", "<a/>", content_type="application/xml")
    check(response, 415, "unsupported_media_type")


def test_not_acceptable_is_406(client):
    client.force_authenticate(make_platform_admin())
    check(client.get("/api/v1/organisations/", HTTP_ACCEPT="application/xml"), 406, "not_acceptable")


def test_broken_json_is_400(client):
    client.force_authenticate(make_platform_admin())
    response = client.post("/api/v1/organisations/", "{", content_type="application/json")
    check(response, 400, "malformed")


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"id": 1e999}', b'{"id": NaN}', b"\xff\xfe", b"{'a': 1}"])
def test_json_that_nothing_can_hold_is_400(client, body):
    client.force_authenticate(make_platform_admin())
    response = client.generic("POST", "/api/v1/organisations/", body, content_type="application/json")
    check(response, 400, "malformed")


@pytest.mark.parametrize("cursor", ["%00", "cD0yMDI2LTAxLTAx", "cD3DqQ==", "bz05OTk5OTk5OTk5OTk5"])
def test_the_cursor_of_another_list_is_404(client, cursor):
    client.force_authenticate(make_platform_admin())
    response = client.get(f"/api/v1/organisations/?cursor={cursor}")
    assert response.status_code in (200, 404), response.content


def test_too_large_is_413(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    client.force_authenticate(make_platform_admin())
    response = client.post(
        "/api/v1/organisations/", '{"name": "beaucoup trop long"}', content_type="application/json"
    )
    check(response, 413, "payload_too_large")


def test_missing_fields_are_422_with_pointers(client):
    client.force_authenticate(make_platform_admin())
    body = check(client.post("/api/v1/organisations/", {}), 422, "invalid")
    assert {error["pointer"] for error in body["errors"]} == {"/kind", "/name", "/siret"}
    assert all(error["code"] == "required" and error["detail"] for error in body["errors"])


@pytest.mark.parametrize("siret", ["12345678901234", "123", "13002526500014", "ABCDEFGHIJKLMN"])
def test_wrong_siret_is_422_beside_its_field(client, siret):
    client.force_authenticate(make_platform_admin())
    payload = {"kind": "buyer", "name": "Ville", "siret": siret}
    body = check(client.post("/api/v1/organisations/", payload), 422, "invalid")
    assert body["errors"][0]["pointer"] == "/siret"
    assert "vérifiez les 14 chiffres" in body["errors"][0]["detail"]


def test_a_siret_taken_is_422(client):
    client.force_authenticate(make_platform_admin())
    payload = {"kind": "buyer", "name": "Ville", "siret": make_supplier_org().siret}
    body = check(client.post("/api/v1/organisations/", payload), 422, "invalid")
    assert body["errors"][0]["detail"] == "Une organisation porte déjà ce SIRET."


def test_without_the_right_is_403(client):
    organisation = make_buyer_org()
    buyer = make_member(organisation, "buyer")
    client.force_authenticate(buyer)
    payload = {"kind": "buyer", "name": "Ville", "siret": "13002526500013"}
    check(client.post("/api/v1/organisations/", payload), 403, "forbidden")
    payload = {"user_id": buyer.pk, "role": "auditor"}
    check(client.post(f"/api/v1/organisations/{organisation.pk}/members/", payload), 403, "forbidden")


def test_unseen_is_404(client):
    client.force_authenticate(make_member(make_buyer_org(), "buyer"))
    check(client.get(f"/api/v1/organisations/{make_buyer_org().pk}/"), 404, "not_found")


def test_unreadable_filter_names_its_parameter(client):
    client.force_authenticate(make_platform_admin())
    body = check(client.get("/api/v1/organisations/?kind=martian"), 422, "invalid")
    assert body["errors"][0]["parameter"] == "kind"
    assert body["errors"][0]["pointer"] == ""


def test_session_without_csrf_is_403():
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(make_platform_admin())
    check(client.post("/api/v1/organisations/", {}), 403, "forbidden")


def test_an_error_of_ours_is_500_without_trace(client, monkeypatch):
    from foundation.accounts.api import OrganisationViewSet

    def broken(self, request):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(OrganisationViewSet, "list", broken)
    client.raise_request_exception = False
    client.force_authenticate(make_platform_admin())
    response = client.get("/api/v1/organisations/")
    check(response, 500, "internal")
    assert b"secret detail" not in response.content
    assert b"Traceback" not in response.content


def test_an_error_of_ours_is_still_seen_by_tests(client, monkeypatch):
    from foundation.accounts.api import OrganisationViewSet

    def broken(self, request):
        raise RuntimeError("seen")

    monkeypatch.setattr(OrganisationViewSet, "list", broken)
    client.force_authenticate(make_platform_admin())
    with pytest.raises(RuntimeError, match="seen"):
        client.get("/api/v1/organisations/")


class TestHandler:
    """What exceptions become, without a view."""

    def body(self, exc):
        return exception_handler(exc, {}).data

    def test_refusal_keeps_field_code_and_article(self):
        body = self.body(Refusal("Trop court.", field="lines.0.quantity", article="art. R2161-2 du CCP"))
        assert body["status"] == 422
        assert body["detail"] == "Trop court (art. R2161-2 du CCP)."
        assert body["errors"] == [
            {
                "pointer": "/lines/0/quantity",
                "detail": "Trop court.",
                "code": "invalid",
                "article": "art. R2161-2 du CCP",
            }
        ]

    @pytest.mark.parametrize(
        ("codes", "kind", "status"),
        [
            (["forbidden"], "forbidden", 403),
            (["invalid", "forbidden"], "forbidden", 403),
            (["conflict", "invalid"], "conflict", 409),
            (["too_early"], "too_early", 422),
            (["ceiling", "ceiling"], "ceiling", 422),
            (["ceiling", "too_late"], "invalid", 422),
            (["unheard_of"], "invalid", 422),
        ],
    )
    def test_codes_decide_the_kind(self, codes, kind, status):
        body = self.body(Refusal.of([Reason("Non.", code=code) for code in codes]))
        assert body["type"] == f"/api/v1/problems/{kind}"
        assert body["status"] == status

    def test_nested_validation_points_inside(self):
        detail = {
            "lots": [{}, {"weights": ["Le total fait 90."]}],
            "non_field_errors": ["Rien."],
            "a/b": ["?"],
        }
        pointers = [error["pointer"] for error in self.body(exceptions.ValidationError(detail))["errors"]]
        assert pointers == ["/lots/1/weights", "", "/a~1b"]

    def test_model_validation_is_422(self):
        body = self.body(ModelValidationError({"siret": ["Faux."], "__all__": ["Incohérent."]}))
        assert [(error["pointer"], error["detail"]) for error in body["errors"]] == [
            ("/siret", "Faux."),
            ("", "Incohérent."),
        ]
        assert self.body(ModelValidationError("Non."))["detail"] == "Non."

    def test_throttled_says_when(self):
        response = exception_handler(exceptions.Throttled(wait=12), {})
        assert response.status_code == 429
        assert response["Retry-After"] == "12"
        assert response.data["type"].endswith("too_many_requests")


@pytest.mark.parametrize("code", problems.KINDS)
def test_every_kind_has_its_page(client, code):
    response = client.get(reverse("api:problem", args=[code]))
    assert response.status_code == 200
    assert str(problems.KINDS[code].title) in response.content.decode()


def test_an_unknown_kind_has_none(client):
    assert client.get("/api/v1/problems/unheard-of").status_code == 404
