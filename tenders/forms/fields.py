"""Fields that several forms of consultations share."""

import re

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from foundation.screens import forms


class ManyFilesInput(django_forms.FileInput):
    """The browser's file chooser, several files at once."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files; gives a list, empty when none was chosen."""

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", ManyFilesInput())
        super().__init__(**kwargs)

    def clean(self, data, initial=None):
        """Each file checked as a single one would be."""
        files = data if isinstance(data, list | tuple) else [data]
        return [
            found for found in (super(ManyFilesField, self).clean(item, initial) for item in files) if found
        ]


class DepartmentsField(django_forms.CharField):
    """Department numbers separated by commas or spaces; gives a list of codes."""

    default_error_messages = {
        "department": _("« %(code)s » n'est pas un numéro de département. Exemple : 75, 2A, 974.")
    }

    def to_python(self, value):
        """« 75, 92 2a » gives ["75", "92", "2A"], each once."""
        codes = re.split(r"[\s,;]+", super().to_python(value).strip().upper())
        codes = list(dict.fromkeys(code for code in codes if code))
        for code in codes:
            if not re.fullmatch(r"\d{2}|2[AB]|97\d|98\d", code):
                message = self.error_messages["department"]
                raise django_forms.ValidationError(message, code="department", params={"code": code})
        return codes

    def prepare_value(self, value):
        """The list as it is typed."""
        return ", ".join(value) if isinstance(value, list | tuple) else value


def long_text(label, help_text="", *, rows=4, required=False, **kwargs) -> django_forms.CharField:
    """A text of several lines."""
    area = django_forms.Textarea(attrs={"rows": rows})
    return django_forms.CharField(label=label, help_text=help_text, required=required, widget=area, **kwargs)
