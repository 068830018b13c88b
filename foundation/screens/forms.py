"""Base classes of every form: DSFR look, French words, errors beside the field and tied to it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _
from dsfr.forms import DsfrBaseForm, DsfrBoundField

from foundation.money import AmountError, format_number, parse_decimal, written


class BoundField(DsfrBoundField):
    """A field drawn by `components/field.html`, whatever its widget."""

    @property
    def template_name(self) -> str:
        return self.field.template_name or "components/field.html"


class Look(DsfrBaseForm):
    """What makes a form look like Jalon; mixed in `Form` and `ModelForm`."""

    bound_field_class = BoundField
    template_name = "components/fields.html"
    default_renderer = TemplatesSetting()
    required_css_class = "jalon-required"
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            _dress(field)

    def get_context(self) -> dict[str, Any]:
        """As Django's own: the marking of required fields is ours, not django-dsfr's."""
        return forms.Form.get_context(self)


class Form(Look, forms.Form):
    """A plain form."""


class ModelForm(forms.ModelForm, Look):
    """A form over a model, for its fields and widgets; the writing stays in a service."""


class DateInput(forms.DateInput):
    """The browser's own date field (it shows French order to a French reader)."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DateTimeInput(forms.DateTimeInput):
    """The browser's own date and time field."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class DateField(forms.DateField):
    """A date; also accepts 03/03/2026 where the browser has no date field."""

    widget = DateInput
    default_error_messages = {"invalid": _("Écrivez une date, par exemple 03/03/2026.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y"])
        super().__init__(**kwargs)


class DateTimeField(forms.DateTimeField):
    """A date and an hour of Paris (`TIME_ZONE`), given back as an aware datetime."""

    widget = DateTimeInput
    default_error_messages = {
        "invalid": _("Écrivez une date et une heure de Paris, par exemple 03/03/2026 12:00."),
    }

    def __init__(self, **kwargs: Any) -> None:
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M"]
        kwargs.setdefault("input_formats", formats)
        super().__init__(**kwargs)


class DecimalField(forms.DecimalField):
    """A number, read as every door reads it (`foundation.money.parse_decimal`); negative when `min_value` is None."""

    unit = ""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("decimal_places", 2)
        kwargs.setdefault("max_digits", 14)
        kwargs.setdefault("min_value", 0)
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Decimal | None:
        text = written(value).strip() if value is not None else ""
        if not text:
            return None
        try:
            return parse_decimal(
                text,
                places=self.decimal_places,
                max_digits=self.max_digits,
                is_signed=self.min_value is None or self.min_value < 0,
                unit=self.unit,
            )
        except AmountError as error:
            raise forms.ValidationError(str(error), code="invalid") from error


class EuroField(DecimalField):
    """An amount in euros excluding tax; accepts « 1 234,50 € »."""

    unit = "€"

    def prepare_value(self, value: Any) -> Any:
        """A known amount as a French reader types it: « 1 234,50 »."""
        if not isinstance(value, Decimal):
            return value
        text = format_number(value, self.decimal_places)
        return text.removesuffix("," + "0" * self.decimal_places)


class NumberField(DecimalField):
    """A quantity, a weight, a percentage: « 12,5 »."""

    def prepare_value(self, value: Any) -> Any:
        """Without useless zeros."""
        return f"{value.normalize():f}".replace(".", ",") if isinstance(value, Decimal) else value


class FileField(forms.FileField):
    """A file; `accept` is a hint for the browser, the service checks the real content."""

    def __init__(self, *, accept: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if accept:
            self.widget.attrs["accept"] = accept


_PLAIN_TO_OURS = {forms.DateInput: DateInput, forms.DateTimeInput: DateTimeInput}


def _dress(field: forms.Field) -> None:
    """Give a model's default date widgets the browser's own, and files their class."""
    widget = field.widget
    ours = _PLAIN_TO_OURS.get(type(widget))
    if ours:
        field.widget = ours({**widget.attrs})
        if isinstance(field, forms.DateTimeField):
            field.input_formats = [*DateTimeField().input_formats]
    if isinstance(field.widget, forms.FileInput):
        field.widget.attrs.setdefault("class", "fr-upload")
