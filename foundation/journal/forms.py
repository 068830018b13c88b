"""What anyone may ask of the proofs."""

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.journal.selectors import LARGEST
from foundation.screens.forms import Form


class InclusionForm(Form):
    """A line of the journal, by its number."""

    index = forms.IntegerField(
        label=_("Numéro de la ligne"),
        min_value=0,
        max_value=LARGEST,
        help_text=_("Il est écrit dans les historiques et dans les reçus."),
    )


class ConsistencyForm(Form):
    """Two sizes of the journal, as two checkpoints tell them."""

    first = forms.IntegerField(label=_("Ancienne taille"), min_value=1, max_value=LARGEST)
    second = forms.IntegerField(label=_("Nouvelle taille"), min_value=1, max_value=LARGEST)

    def clean(self):
        """The journal only grows."""
        cleaned = super().clean()
        if cleaned.get("first", 0) > cleaned.get("second", LARGEST):
            self.add_error("second", _("La nouvelle taille ne peut pas être plus petite que l'ancienne."))
        return cleaned
