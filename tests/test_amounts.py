"""One text is one number: the page, the spreadsheet and the API take the same value, or say the same sentence."""

import ast
import io
import json
from collections.abc import Callable
from decimal import Decimal
from importlib import import_module
from pathlib import Path

import django_filters
import openpyxl
import pytest
from django import forms as django_forms
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver, reverse
from rest_framework import serializers
from rest_framework.test import APIClient

from foundation.api.fields import DecimalField
from foundation.screens import forms
from framework_agreements.models import OrderLine
from tenders import services
from tenders.models import Bid, OfferPrice
from tenders.spreadsheets import read_schedule, schedule_book
from tests.framework_agreements.factories import make_issued_order, make_order, make_world, refusal_of
from tests.tenders import without_script
from tests.tenders.factories import PDF, make_draft, make_published, make_supplier, open_bids, publish

pytestmark = pytest.mark.django_db
ROOT = Path(settings.BASE_DIR)
NUMBER = "Écrivez un nombre en chiffres, par exemple 1\u202f234,50."
THOUSANDS = "Écrivez 2 chiffres au plus après la virgule ; pour des milliers, 1200 ou 1\u202f200,00."
PLACES = "Écrivez 2 chiffres au plus après la virgule."
TEXTS = [
    ("1200", "1200.00"),
    ("1 200,5", "1200.50"),
    ("1\u202f200.50", "1200.50"),
    ("0,05", "0.05"),
    ("7e2", NUMBER),
    ("\u0667\u0660\u0660", NUMBER),
    ("1.200", THOUSANDS),
    ("1,200", THOUSANDS),
    ("0.005", PLACES),
    ("1.250,00", NUMBER),
    ("12 00", NUMBER),
    ("-5", NUMBER),
    ("NaN", NUMBER),
]


def page_form(text: str, at: object) -> str:
    """The page of an answer."""
    tender, (by, _firm) = make_published(), make_supplier()
    browser = Client()
    browser.force_login(by)
    lines = list(tender.lots.get().price_lines.all())
    data = {"declared": "on", **{f"prix-{line.pk}": text for line in lines}}
    recap = without_script.verify(browser, tender, data)
    refused = recap.context["form"].errors.get(f"prix-{lines[0].pk}")
    if refused:
        return refused[0]
    without_script.deposit(browser, tender, recap, data)
    return opened_price(tender)


def spreadsheet(text: str, at: object) -> str:
    """A cell of text in the schedule of a lot."""
    lot = make_draft(at=at).lots.get()
    book = openpyxl.load_workbook(io.BytesIO(schedule_book(lot)))
    book.active["D5"], book.active["D6"] = text, 1
    content = io.BytesIO()
    book.save(content)
    found = read_schedule("b.xlsx", content.getvalue(), lot)
    return found.prices["UO-1"].replace(",", ".") if not found.errors else found.errors[0].message


def api_deposit(text: str, at: object) -> str:
    """The deposit of another portal."""
    tender = make_published()
    answer = posted(tender, {"1": {"UO-1": text, "UO-2": text}})
    if answer.status_code != 201:
        error = answer.json()["errors"][0]
        assert error["pointer"] == "/prices/1/UO-1"
        return error["detail"].split(" : ", 1)[1]
    return opened_price(tender)


def api_order(text: str, at: object) -> str:
    """The quantity of an order."""
    world = make_world(unit_price="1")
    client = APIClient()
    client.force_authenticate(world.buyer)
    lines = [{"work_unit": world.unit().pk, "quantity": text}]
    party = {"lot": world.lot.pk, "holder": world.holder.pk, "beneficiary": world.beneficiary.pk}
    answer = client.post("/api/v1/orders/", {**party, "title": "Essai", "lines": lines}, format="json")
    if answer.status_code != 201:
        return answer.json()["errors"][0]["detail"]
    return str(OrderLine.objects.get().quantity)


def page_order(text: str, at: object) -> str:
    """The same on the page."""
    from framework_agreements.forms.orders import line_formset

    unit = make_world(unit_price="1").unit()
    data = {"lines-TOTAL_FORMS": 1, "lines-INITIAL_FORMS": 0}
    rows = line_formset([unit], data | {"lines-0-work_unit": unit.pk, "lines-0-quantity": text})
    return str(rows.drafts()[0][1].quantity) if rows.is_valid() else rows.errors[0]["quantity"][0]


def api_notice(text: str, at: object) -> str:
    """The estimate of a notice."""
    tender = make_draft(at=at)
    client = APIClient(headers={"If-Match": "*"})
    client.force_authenticate(tender.created_by)
    facts = {"estimated_value_excl_tax": text, "maximum_value_excl_tax": None}
    answer = client.patch(f"/api/v1/tenders/{tender.pk}/", facts, format="json")
    if answer.status_code != 200:
        return answer.json()["errors"][0]["detail"]
    tender.refresh_from_db()
    return str(tender.estimated_value_excl_tax)


def page_notice(text: str, at: object) -> str:
    """The same on the page."""
    field = import_module("tenders.forms.identity").IdentityForm.base_fields["estimated_value_excl_tax"]
    try:
        return str(field.clean(text))
    except django_forms.ValidationError as error:
        return error.messages[0]


DOORS: list[Callable[[str, object], str]] = [
    page_form,
    spreadsheet,
    api_deposit,
    api_order,
    page_order,
    api_notice,
    page_notice,
]


def posted(tender, prices, **more):
    client = APIClient()
    client.force_authenticate(make_supplier()[0])
    body = {"prices": json.dumps(prices), "candidature": '{"is_declared": true}', **more}
    return client.post(f"/api/v1/tenders/{tender.pk}/deposit/", body, format="multipart")


def opened_price(tender) -> str:
    open_bids(tender)
    return f"{OfferPrice.objects.first().unit_price_excl_tax:.2f}"


@pytest.mark.parametrize(("text", "meaning"), TEXTS)
@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_one_text_has_one_meaning_at_every_door(door, text, meaning, at) -> None:
    assert door(text, at) == meaning


@pytest.mark.parametrize(("sent", "quantity"), [("2", "2.00"), ("2.50", "2.50"), ("7e2", ""), ("12.345", "")])
def test_a_number_of_json_is_read_as_it_was_written(sent, quantity) -> None:
    world = make_world(unit_price="1")
    client = APIClient()
    client.force_authenticate(world.buyer)
    party = {"lot": world.lot.pk, "holder": world.holder.pk, "beneficiary": world.beneficiary.pk}
    lines = f'[{{"work_unit": {world.unit().pk}, "quantity": {sent}}}]'
    body = json.dumps({**party, "title": "Essai"})[:-1] + f', "lines": {lines}}}'
    answer = client.post("/api/v1/orders/", body, content_type="application/json")
    assert answer.status_code == (201 if quantity else 422)
    if quantity:
        assert str(OrderLine.objects.get().quantity) == quantity


def test_every_fault_of_the_prices_is_told_at_once_where_it_is() -> None:
    tender = make_published(lots=2)
    answer = posted(
        tender, {"1": {"UO-1": "7e2", "UO-9": "5"}, "2": {"UO-1": "1.200", "UO-2": "3"}, "9": {"A": "1"}}
    )
    assert answer.status_code == 422
    pointers = {error["pointer"] for error in answer.json()["errors"]}
    assert pointers == {"/prices/1/UO-1", "/prices/1/UO-2", "/prices/1/UO-9", "/prices/2/UO-1", "/prices/9"}
    assert not Bid.objects.exists()


def test_a_code_with_a_point_is_pointed_at_whole() -> None:
    tender = make_draft()
    line = {"code": "1.1/a", "label": "Étude", "unit": "jour", "simulated_quantity": 1}
    services.price_lines_set(lot=tender.lots.get(), lines=[line], by=tender.created_by, at=tender.created_at)
    answer = posted(publish(tender), {"1": {"1.1/a": "x"}})
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/prices/1/1.1~1a"]


def test_a_total_beyond_the_column_is_refused_at_the_door() -> None:
    tender = make_draft()
    line = {"code": "A", "label": "Étude", "unit": "jour", "simulated_quantity": Decimal("9999999999")}
    services.price_lines_set(lot=tender.lots.get(), lines=[line], by=tender.created_by, at=tender.created_at)
    tender = publish(tender)
    answer = posted(tender, {"1": {"A": "9999999999,99"}})
    assert answer.status_code == 422 and answer.json()["errors"][0]["pointer"] == "/prices/1"
    assert posted(tender, {"1": {"A": "9999"}}).status_code == 201


@pytest.mark.parametrize("field", ["lot-9-files", "fichiers", "lot-1-memoire", "lot-01-files"])
def test_a_file_in_no_field_is_refused_by_name(field) -> None:
    prices = {"1": {"UO-1": "1", "UO-2": "2"}}
    answer = posted(make_published(), prices, **{field: SimpleUploadedFile("memoire.pdf", PDF)})
    assert answer.status_code == 422 and not Bid.objects.exists()
    [error] = answer.json()["errors"]
    assert (
        error["pointer"] == f"/{field}"
        and f"« {field} »" in error["detail"]
        and "memoire.pdf" in error["detail"]
    )


@pytest.mark.parametrize("field", ["files", "lot-1-files"])
def test_a_file_in_its_field_is_taken(field) -> None:
    prices = {"1": {"UO-1": "1", "UO-2": "2"}}
    answer = posted(make_published(), prices, **{field: SimpleUploadedFile("memoire.pdf", PDF)})
    assert answer.status_code == 201


def test_an_unknown_member_of_a_deposit_is_refused_by_name() -> None:
    answer = posted(make_published(), {"1": {"UO-1": "1", "UO-2": "2"}}, bidon="1")
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/bidon"]


def test_an_unknown_field_of_the_page_is_refused_by_name(client) -> None:
    tender, (by, _firm) = make_published(), make_supplier()
    client.force_login(by)
    data = {f"prix-{line.pk}": "10" for line in tender.lots.get().price_lines.all()} | {"declared": "on"}
    file = SimpleUploadedFile("memoire.pdf", PDF)
    for more in ({"bidon": "1"}, {"prix-0": "5"}, {"lot-9-files": file}, {"fichiers": file}):
        page = client.post(reverse("tenders:answer", args=[tender.pk]), data | more).content.decode()
        assert f"« {next(iter(more))} »" in page and not Bid.objects.exists()
    without_script.answer(client, tender, data)
    assert Bid.objects.exists()


def test_a_unit_price_has_the_decimals_of_its_line() -> None:
    tender = make_draft()
    lines = [
        {"code": "SMS", "label": "Message", "unit": "message", "simulated_quantity": 333, "price_places": 4},
        {"code": "DEV", "label": "Développement", "unit": "jour", "simulated_quantity": 1},
    ]
    services.price_lines_set(lot=tender.lots.get(), lines=lines, by=tender.created_by, at=tender.created_at)
    tender = publish(tender)
    assert posted(tender, {"1": {"SMS": "0,03555", "DEV": "1"}}).status_code == 422
    assert posted(tender, {"1": {"SMS": "0,0355", "DEV": "0,005"}}).status_code == 422
    assert posted(tender, {"1": {"SMS": "0,0355", "DEV": "1"}}).status_code == 201
    open_bids(tender)
    offer = Bid.objects.get().offers.get()
    assert {price.line.code: price.unit_price_excl_tax for price in offer.prices.all()} == {
        "SMS": Decimal("0.0355"),
        "DEV": Decimal(1),
    }
    assert offer.total_excl_tax == Decimal("12.82")  # 333 × 0.0355 + 1 = 12.8215, rounded once


@pytest.mark.parametrize("amounts", [("0", "2000"), ("0", "0")])
def test_a_price_of_zero_is_taken_opened_and_asked_about(amounts) -> None:
    """CJUE C-367/19: never refused for that sole reason, and the buyer is told to ask."""
    from tenders.abnormal import low_signals
    from tenders.ranking import ranking
    from tenders.selectors import offers_of

    tender = make_published()
    assert posted(tender, {"1": dict(zip(("UO-1", "UO-2"), amounts, strict=True))}).status_code == 201
    assert posted(tender, {"1": {"UO-1": "1000", "UO-2": "2000"}}).status_code == 201
    open_bids(tender)
    lot = tender.lots.get()
    free, dear = sorted(offers_of(lot), key=lambda offer: offer.total_excl_tax)
    signals = low_signals(lot, [free, dear])
    assert signals[free.pk][0].method.code == "zero" and "C-367/19" in signals[free.pk][0].facts["label"]
    assert dear.pk not in signals
    marks = {row.offer: row.marks[0].value for row in ranking(lot)}
    assert marks[free] == Decimal(40) and marks[dear] < Decimal(40)


def test_the_deposit_of_a_sending_points_at_its_prices_too() -> None:
    tender, (by, firm) = make_published(), make_supplier()
    client = APIClient()
    client.force_authenticate(by)
    sending = client.post("/api/v1/uploads/", {"tender": tender.pk, "bidder": firm.pk}, format="json").json()
    body = {"prices": {"1": {"UO-1": 12.345, "UO-9": "1"}}, "candidature": {"is_declared": True}}
    answer = client.post(f"/api/v1/uploads/{sending['id']}/deposit/", body, format="json")
    pointers = {error["pointer"] for error in answer.json()["errors"]}
    assert pointers == {"/prices/1/UO-1", "/prices/1/UO-2", "/prices/1/UO-9"}
    body["prices"] = {"1": {"UO-1": 12.34, "UO-2": 0}}
    assert client.post(f"/api/v1/uploads/{sending['id']}/deposit/", body, format="json").status_code == 201


def test_an_order_computes_with_the_whole_unit_price() -> None:
    world = make_world(unit_price="0.035")
    order = make_order(world, lines=[world.line(quantity="333.33")])
    line = order.lines.get()
    assert (line.unit_price_excl_tax, line.amount_excl_tax) == (Decimal("0.035"), Decimal("11.67"))
    assert order_lines(world, order)[0]["unit_price_excl_tax"] == "0.035"


def test_an_order_of_what_is_offered_is_issued() -> None:
    world = make_world(unit_price="0")
    assert make_issued_order(world).total_excl_tax == 0


def test_an_order_that_no_column_holds_is_refused_at_the_door() -> None:
    world = make_world(unit_price="9999999999.99")
    for quantity in ("101", "999999.99"):
        refusal = refusal_of(
            lambda quantity=quantity: make_order(world, lines=[world.line(quantity=quantity)])
        )
        assert "dépasse ce qu’un bon de commande peut porter" in str(refusal)
    days = make_world(unit_price="0")
    refusal = refusal_of(lambda: make_order(days, lines=[days.line(quantity="999999.99")]))
    assert refusal.reasons[0].field == "lines.0.quantity"


def order_lines(world, order) -> list[dict]:
    client = APIClient()
    client.force_authenticate(world.buyer)
    return client.get(f"/api/v1/orders/{order.pk}/").json()["lines"]


def _subclasses(of: type) -> set[type]:
    return {found for child in of.__subclasses__() for found in {child} | _subclasses(child)}


def _ours(of: type) -> list[type]:
    """The classes of the platform below this one: its addresses load them all."""
    assert get_resolver().url_patterns
    found = (
        one
        for one in _subclasses(of)
        if not one.__module__.startswith(("tests.", "django", "rest_framework"))
    )
    return sorted((one for one in found if (ROOT / one.__module__.split(".")[0]).is_dir()), key=str)


def test_no_form_reads_a_number_its_own_way() -> None:
    raw = [
        f"{form.__module__}.{form.__name__}.{name}"
        for form in _ours(django_forms.BaseForm)
        for name, field in form.base_fields.items()
        if isinstance(field, django_forms.FloatField | django_forms.DecimalField)
        and not isinstance(field, forms.DecimalField)
    ]
    assert raw == []


def test_no_serializer_reads_a_number_its_own_way() -> None:
    def read(serializer: serializers.BaseSerializer, path: str) -> list[str]:
        found = []
        for name, one in getattr(serializer, "fields", {}).items():
            field = getattr(one, "child", one)
            if isinstance(field, serializers.BaseSerializer):
                found += read(field, f"{path}.{name}")
            elif isinstance(field, serializers.FloatField | serializers.DecimalField):
                found += [] if isinstance(field, DecimalField) else [f"{path}.{name}"]
        return found

    context = {
        "request": type("Request", (), {"user": make_supplier()[0], "query_params": {}, "method": "GET"})()
    }
    raw, seen = [], 0
    for serializer in _ours(serializers.Serializer):
        raw += read(serializer(context=context), f"{serializer.__module__}.{serializer.__name__}")
        seen += 1
    assert raw == [] and seen > 100


def test_no_source_names_the_raw_fields() -> None:
    """Also those made while a form is built, which no class shows."""
    named = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for folder in ("concierge", "foundation", "framework_agreements", "needs", "startups", "tenders")
        for path in (ROOT / folder).rglob("*.py")
        if path.name != "fields.py" or path.parent.name != "api"
        if path != ROOT / "foundation" / "screens" / "forms.py"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in {"DecimalField", "FloatField"}
        and isinstance(node.value, ast.Name)
        and node.value.id in {"django_forms", "serializers"}
    ]
    assert named == []


def test_filters_of_amounts_read_them_as_forms_do() -> None:
    filters = import_module("tenders.filters").TenderFilter.base_filters
    assert {filters[name].field_class for name in ("amount_min", "amount_max")} == {forms.EuroField}
    assert django_filters.NumberFilter.field_class is not forms.EuroField  # the control
