"""Forms of the endpoints."""

from django import forms as fields
from django.utils.translation import gettext_lazy as _

from foundation.screens import forms
from foundation.webhooks import registry
from foundation.webhooks.rules import organisations_for_new_endpoint


def _event_choices() -> list[tuple[str, str]]:
    return [(event.code, f"{event.label} ({event.code})") for event in registry.events()]


class EndpointForm(forms.Form):
    """Where to send, and what."""

    url = fields.CharField(
        label=_("Adresse"),
        max_length=500,
        help_text=_("L’adresse publique qui recevra les messages, en https://."),
        widget=fields.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    description = fields.CharField(
        label=_("À quoi elle sert"), max_length=200, required=False, help_text=_("Pour vous y retrouver.")
    )
    event_codes = fields.MultipleChoiceField(
        label=_("Événements"), choices=_event_choices, widget=fields.CheckboxSelectMultiple
    )


class EndpointCreateForm(EndpointForm):
    """The same, in one of the organisations that this person administers."""

    organisation = fields.ModelChoiceField(label=_("Organisation"), queryset=None, empty_label=None)
    field_order = ["organisation", "url", "description", "event_codes"]

    def __init__(self, *args, user, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations_for_new_endpoint(user)


class ReplayForm(forms.Form):
    """From when to send again."""

    since = forms.DateTimeField(
        label=_("Depuis le"),
        help_text=_(
            "Heure de Paris. Tout ce qui a été écrit depuis repart, reçu ou non, sous le même numéro."
        ),
    )
