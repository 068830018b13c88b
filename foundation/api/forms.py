from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from foundation.api.services import LIFETIMES_DAYS
from foundation.screens import forms


class TokenForm(forms.Form):
    """What the token is for and how long it lives."""

    name = django_forms.CharField(
        label=_("Usage"),
        max_length=80,
        help_text=_(
            "Par exemple « Tableau de bord du service achats » : vous reconnaîtrez ce jeton dans la liste."
        ),
    )
    lifetime_days = django_forms.TypedChoiceField(
        label=_("Durée de vie"),
        coerce=int,
        choices=[(days, _("%(days)d jours") % {"days": days}) for days in LIFETIMES_DAYS],
        initial=90,
    )
