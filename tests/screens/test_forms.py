"""Forms: French input, errors tied to their field, refusals of the services beside it."""

from datetime import UTC, date, datetime
from decimal import Decimal

from django import forms as django_forms
from django.template.loader import render_to_string
from django.test import RequestFactory

from foundation.errors import Refusal
from foundation.screens import forms
from foundation.screens.doors import submitted


class Sample(forms.Form):
    title = django_forms.CharField(label="Intitulé", help_text="En une phrase.")
    amount = forms.EuroField(label="Montant", required=False)
    due_at = forms.DateTimeField(label="Limite", required=False)
    start_date = forms.DateField(label="Début", required=False)
    kind = django_forms.ChoiceField(
        label="Forme", choices=[("a", "Achat"), ("b", "Don")], widget=django_forms.RadioSelect, required=False
    )


def post(**data):
    return RequestFactory().post("/", data)


def drawn(form):
    return render_to_string("components/form.html", {"form": form, "submit_label": "Envoyer"}, post())


def test_french_numbers_and_dates_are_read():
    form = Sample(
        {"title": "t", "amount": "1 234,50 €", "due_at": "03/03/2026 12:00", "start_date": "2026-03-04"}
    )
    assert form.is_valid(), form.errors
    assert form.cleaned_data["amount"] == Decimal("1234.50")
    assert form.cleaned_data["due_at"] == datetime(2026, 3, 3, 11, 0, tzinfo=UTC)
    assert form.cleaned_data["start_date"] == date(2026, 3, 4)


def test_an_error_is_tied_to_its_field_and_linked_from_the_summary():
    page = drawn(Sample({"title": "", "amount": "beaucoup"}))
    assert 'aria-describedby="id_title_helptext id_title_error"' in page
    assert 'id="id_title_error"' in page and 'aria-invalid="true"' in page
    assert 'href="#id_title"' in page and 'href="#id_amount"' in page
    assert "par exemple 1\u202f234,50" in page
    assert 'value="beaucoup"' in page, "what was typed is kept"


def test_optional_fields_say_so():
    page = drawn(Sample())
    assert page.count("(facultatif)") == 4
    # A choice made from the start cannot stay empty.
    assert drawn(Sample(initial={"kind": "a"})).count("(facultatif)") == 3
    assert "jalon-summary" not in page


def test_any_django_form_is_drawn():
    class Plain(django_forms.Form):
        word = django_forms.CharField(label="Mot")

    assert '<label for="id_word">Mot' in drawn(Plain({}))


def test_a_refusal_lands_beside_its_field_and_keeps_what_was_typed():
    def refuse(data):
        raise Refusal("Trop cher : baissez le montant.", field="amount", article="art. R2121-8")

    request = post(title="t", amount="10")
    form = Sample(request.POST)
    assert submitted(request, form, refuse) is None
    assert form.errors["amount"] == ["Trop cher : baissez le montant (art. R2121-8)."]
    assert 'value="10"' in drawn(form)


def test_a_refusal_without_field_lands_above_the_form():
    def refuse(data):
        raise Refusal("Revenez demain.")

    request = post(title="t")
    form = Sample(request.POST)
    assert submitted(request, form, refuse) is None
    assert form.non_field_errors() == ["Revenez demain."]


def test_the_service_is_called_only_with_a_valid_post():
    calls = []
    assert submitted(RequestFactory().get("/"), Sample({"title": "t"}), calls.append) is None
    assert submitted(post(), Sample({}), calls.append) is None
    assert calls == []
    request = post(title="t")
    assert submitted(request, Sample(request.POST), lambda data: data["title"]) == "t"
