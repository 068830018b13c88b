from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from foundation.accounts.enums import Role
from foundation.api import rules, scopes
from foundation.api.services import LIFETIMES_DAYS
from foundation.screens import forms


class ScopesForm(forms.Form):
    """What a token may be used for and how long it lives."""

    scopes = django_forms.MultipleChoiceField(
        label=_("Portées"),
        choices=scopes.choices,
        widget=django_forms.CheckboxSelectMultiple,
        initial=[scopes.READ],
        help_text=_("Le jeton ne fait rien d’autre, et jamais plus que les rôles de qui le porte."),
    )
    lifetime_days = django_forms.TypedChoiceField(
        label=_("Durée de vie"),
        coerce=int,
        choices=[(days, _("%(days)d jours") % {"days": days}) for days in LIFETIMES_DAYS],
        initial=90,
    )


class TokenForm(ScopesForm):
    """What the token is for, what it may do and how long it lives."""

    name = django_forms.CharField(
        label=_("Usage prévu"),
        max_length=80,
        help_text=_(
            "Par exemple « Tableau de bord du service achats » : vous reconnaîtrez ce jeton dans la liste."
        ),
    )
    field_order = ("name", "scopes", "lifetime_days")


class ProgramForm(ScopesForm):
    """A program of the organisation: its name, its roles there, and what its first token may do."""

    name = django_forms.CharField(
        label=_("Nom du programme"),
        max_length=80,
        help_text=_("Par exemple « Logiciel financier » : le journal écrira ce nom à côté de ses actes."),
    )
    roles = django_forms.MultipleChoiceField(
        label=_("Rôles dans l’organisation"), widget=django_forms.CheckboxSelectMultiple
    )
    field_order = ("name", "roles", "scopes", "lifetime_days")

    def __init__(self, *args, organisation, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = [
            (role, Role(role).label) for role in rules.program_roles(organisation)
        ]
