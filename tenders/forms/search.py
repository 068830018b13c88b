"""What a person may ask of the list of her own consultations; all in the address, so that it can be shared."""

from decimal import Decimal

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from foundation.screens import forms
from tenders.enums import Phase


class _Filters(forms.Form):
    """Filters in the address."""

    @property
    def wanted(self) -> dict:
        """The filters that were understood; what was not is said beside its field and left out."""
        self.is_valid()
        return {name: value for name, value in getattr(self, "cleaned_data", {}).items() if value}


class ScopeSearchForm(_Filters):
    """Words for a CPV code, words for a place; with htmx the results follow what is typed."""

    cpv = django_forms.CharField(
        label=_("Chercher un code"),
        required=False,
        max_length=100,
        help_text=_("Des mots, ou le début d'un code : « développement logiciel », 72"),
        widget=django_forms.TextInput(
            attrs={
                "type": "search",
                "autocomplete": "off",
                "hx-get": "",
                "hx-trigger": "input changed delay:300ms",
                "hx-target": "#cpv-trouves",
                "hx-select": "#cpv-trouves > *",
            }
        ),
    )
    lieu = django_forms.CharField(
        label=_("Chercher un lieu"),
        required=False,
        max_length=100,
        help_text=_("Commune, département, numéro ou code postal : « Nantes », 44, 29200"),
        widget=django_forms.TextInput(
            attrs={
                "type": "search",
                "autocomplete": "off",
                "hx-get": "",
                "hx-trigger": "input changed delay:300ms",
                "hx-target": "#lieux-trouves",
                "hx-select": "#lieux-trouves > *",
            }
        ),
    )


class FormulaForm(_Filters):
    """The weight and the slope with which the price formulas are compared."""

    poids = forms.NumberField(
        label=_("Poids du prix"),
        required=False,
        max_digits=5,
        min_value=Decimal("0.01"),
        max_value=100,
        initial=40,
        help_text=_("En pourcentage de la note"),
    )
    pente = forms.NumberField(
        label=_("Pente"),
        required=False,
        max_digits=5,
        min_value=Decimal("0.01"),
        help_text=_("Pour la formule linéaire depuis l'offre la plus basse"),
    )


class FollowForm(_Filters):
    """The phase, above the list of one's own consultations."""

    phase = django_forms.ChoiceField(
        label=_("État"), required=False, choices=[("", _("Tous les états")), *Phase.choices]
    )
