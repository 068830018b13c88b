"""Tables of rows in a form: they need no script, an emptied row is a row removed."""

from django import forms as django_forms

from foundation.screens import forms


class Row(forms.Form):
    """A row of a table; it counts as filled when one of its telling fields is."""

    telling: tuple[str, ...] = ()

    def has_changed(self) -> bool:
        return any(self[name].data for name in self.telling)


class Rows(django_forms.BaseFormSet):
    """Rows of a table. An emptied row is a row removed: the table needs no script and no button per row."""

    def get_form_kwargs(self, index):
        return {**super().get_form_kwargs(index), "empty_permitted": True}

    def rows(self) -> list[dict]:
        """The rows that hold something, in the order of the page."""
        return [form.cleaned_data for form in self.forms if form.cleaned_data]
