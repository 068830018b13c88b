"""How a person wants to be told: one choice for each message that may be turned off."""

from django import forms as fields

from foundation.notifications import registry
from foundation.notifications.enums import Pace
from foundation.screens import forms


class PreferencesForm(forms.Form):
    """One list per message, named after the message; `families` gives them as the page draws them."""

    def __init__(self, *args, paces: dict[str, str], **kwargs) -> None:
        super().__init__(*args, initial=dict(paces), **kwargs)

    @property
    def families(self) -> list[dict]:
        """The families with their messages: bound field, or the rule that makes the message due."""
        return [
            {"label": registry.family_label(family), "rows": [self._row(kind) for kind in kinds]}
            for family, kinds in registry.families().items()
        ]

    def _row(self, kind) -> dict:
        return {"kind": kind, "field": self[kind.code] if kind.is_optional else None}


def preferences_form(data, paces: dict[str, str]) -> PreferencesForm:
    """The form over the messages declared now."""
    choices = {
        kind.code: fields.ChoiceField(label=kind.label, choices=Pace.choices)
        for kind in registry.kinds()
        if kind.is_optional
    }
    return type("PreferencesForm", (PreferencesForm,), choices)(data, paces=paces)
