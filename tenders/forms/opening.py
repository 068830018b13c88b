"""Forms of custodians: their key, their part in an opening."""

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from foundation.screens import forms
from tenders.enums import BackupCase
from tenders.forms.fields import long_text


def passphrase_field(label, help_text="", *, new=False) -> django_forms.CharField:
    """A secret sentence: never shown again, never stripped."""
    autocomplete = "new-password" if new else "off"
    widget = django_forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return django_forms.CharField(
        label=label, help_text=help_text, strip=False, max_length=300, widget=widget
    )


class CustodianKeyForm(forms.Form):
    """A new personal key."""

    passphrase = passphrase_field(
        _("Phrase secrète"),
        _(
            "Quatre ou cinq mots sans rapport entre eux, faciles à retenir pour vous seule ou vous "
            "seul. Seize caractères au moins."
        ),
        new=True,
    )
    again = passphrase_field(_("La même phrase, une deuxième fois"), new=True)
    understood = django_forms.BooleanField(
        label=_("J'ai noté ma phrase en lieu sûr : personne, pas même la plateforme, ne pourra la retrouver.")
    )

    def clean_again(self) -> str:
        """Both must be the same."""
        if self.cleaned_data["again"] != self.cleaned_data.get("passphrase"):
            raise ValidationError(_now("Les deux phrases ne sont pas identiques. Écrivez la même deux fois."))
        return self.cleaned_data["again"]


class RehearsalForm(forms.Form):
    """The passphrase of one's key, to prove that it opens."""

    prefix = "repetition"
    passphrase = passphrase_field(_("Ma phrase secrète"))


class LossForm(forms.Form):
    """Why a share can no longer be unlocked."""

    prefix = "perte"
    reason = long_text(_("Ce qui s'est passé"), required=True, rows=3)


class BackupForm(forms.Form):
    """The case that lets a backup copy be opened, and why."""

    case = django_forms.ChoiceField(
        label=_("Dans quel cas êtes-vous ?"), choices=BackupCase.choices, widget=django_forms.RadioSelect
    )
    reason = long_text(_("Motif"), _("Il reste au dossier de la consultation."), required=True, rows=3)


class InterestForm(forms.Form):
    """The declaration of interests asked of whoever opens or judges bids."""

    has_interest = django_forms.TypedChoiceField(
        label=_(
            "Avez-vous un intérêt, direct ou indirect, avec l'une des entreprises qui pourraient répondre ?"
        ),
        choices=[("non", _("Non, aucun")), ("oui", _("Oui, ou j'ai un doute"))],
        coerce=lambda value: value == "oui",
        widget=django_forms.RadioSelect,
        help_text=_(
            "Emploi passé ou à venir, participation, lien familial ou personnel (art. L2141-10 du "
            "code de la commande publique)."
        ),
    )
    statement = long_text(_("Précisions"), _("À remplir si vous avez répondu oui."), rows=3)


class ContributionForm(forms.Form):
    """The secret sentence that unlocks a custodian's share."""

    passphrase = passphrase_field(
        _("Votre phrase secrète"), _("Celle que vous avez choisie en créant votre clé de dépositaire.")
    )
