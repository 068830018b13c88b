"""What is typed on a request: nothing to confirm, a reason to refuse or to oppose."""

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from foundation.screens import forms


class RefuseForm(forms.Form):
    """Why it is refused; told to who asked."""

    reason = django_forms.CharField(
        label=_("Motif du refus"), max_length=500, widget=django_forms.Textarea(attrs={"rows": 3})
    )


class OpposeForm(forms.Form):
    """Why somebody of the house stops it; told to who asked and to everybody there."""

    reason = django_forms.CharField(
        label=_("Motif de l’opposition"), max_length=500, widget=django_forms.Textarea(attrs={"rows": 3})
    )
