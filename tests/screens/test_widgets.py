"""What is written without a template is what the template of Django writes."""

import pytest
from django import forms as django_forms
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import mark_safe

from foundation.screens import forms
from foundation.screens.widgets import WidgetRenderer

CHOICES = [("", "Tous"), (1, "L’un & <l'autre>"), ("Groupe", [("a", "A"), (True, mark_safe("<b>B</b>"))])]


@pytest.mark.parametrize(
    ("widget", "value"),
    [
        (
            django_forms.TextInput(
                attrs={"data-x": '"<&', "hx-get": "", "disabled": True, "readonly": False}
            ),
            "é<",
        ),
        (django_forms.TextInput(), None),
        (django_forms.NumberInput(attrs={"min": 0, "step": "0.01"}), 1234.5),
        (django_forms.HiddenInput(), mark_safe("&amp;")),
        (django_forms.PasswordInput(), "secret"),
        (forms.DateInput(), "2026-03-03"),
        (django_forms.Select(choices=CHOICES, attrs={"class": "x"}), "1"),
        (django_forms.SelectMultiple(choices=CHOICES), ["a", "1"]),
        (django_forms.Textarea(), "é"),
        (django_forms.RadioSelect(choices=CHOICES), "a"),
    ],
)
def test_same_bytes_as_the_templates(widget, value):
    ours, theirs = (
        widget.render("nom", value, {"id": "i"}, pen) for pen in (WidgetRenderer(), TemplatesSetting())
    )
    assert ours == theirs
