"""Be told: of the changes of a consultation, or of what newly answers a search."""

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from foundation.screens import forms
from tenders.enums import AlertPace


class FollowForm(forms.Form):
    """The address of somebody without account."""

    email = django_forms.EmailField(
        label=_("Adresse électronique"),
        max_length=254,
        help_text=_("Elle ne sert qu’à vous prévenir. Personne ne la voit, pas même l’acheteur."),
        widget=django_forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class SearchAlertForm(forms.Form):
    """The name of a saved search, and how often its owner is told."""

    name = django_forms.CharField(
        label=_("Nom de la recherche"), max_length=120, help_text=_("Pour la retrouver dans votre liste")
    )
    pace = django_forms.ChoiceField(
        label=_("Me prévenir par e-mail"), choices=AlertPace.choices, initial=AlertPace.DAILY
    )
