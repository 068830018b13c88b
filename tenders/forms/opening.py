"""Forms of custodians: their key, their part in an opening."""

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from foundation.screens import forms
from tenders.enums import BackupCase
from tenders.forms.fields import long_text
from tenders.forms.sealed import SealedField, read_key, read_shares, read_signature


def passphrase_field(label, help_text="", *, new=False) -> django_forms.CharField:
    """A secret sentence: never shown again, never stripped."""
    autocomplete = "new-password" if new else "off"
    widget = django_forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return django_forms.CharField(
        label=label, help_text=help_text, strip=False, max_length=300, widget=widget
    )


class OnDevice:
    """Mixed in a form that asks a passphrase: `instead` names the hidden field by which a device answers for it."""

    instead = ""
    asked = ("passphrase",)

    def _post_clean(self) -> None:
        """A device that did the work sends no passphrase: its fields are not missed."""
        super()._post_clean()
        if self.cleaned_data.get(self.instead) is not None:
            for name in self.asked:
                self.errors.pop(name, None)


class CustodianKeyForm(OnDevice, forms.Form):
    """A new personal key: made by the device, or by the server from the passphrase."""

    instead, asked = "key", ("passphrase", "again")
    passphrase = passphrase_field(
        _("Phrase secrète"),
        _("Six mots tirés au sort, ou une longue phrase sans lien avec vous : vingt caractères au moins."),
        new=True,
    )
    again = passphrase_field(_("La même phrase, une deuxième fois"), new=True)
    understood = django_forms.BooleanField(
        label=_("J'ai noté ma phrase en lieu sûr : personne, pas même la plateforme, ne pourra la retrouver.")
    )
    key = SealedField(read_key)

    def clean_again(self) -> str:
        """Both must be the same."""
        if self.cleaned_data["again"] != self.cleaned_data.get("passphrase"):
            raise ValidationError(_now("Les deux phrases ne sont pas identiques. Écrivez la même deux fois."))
        return self.cleaned_data["again"]


class RehearsalForm(OnDevice, forms.Form):
    """The passphrase of one's key, or the signature of one's device, to prove that it opens."""

    prefix = "repetition"
    instead = "signature"
    passphrase = passphrase_field(_("Ma phrase secrète"))
    signature = SealedField(read_signature)


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


class AlarmForm(forms.Form):
    """Why an opening goes on without the bids that an alarm names."""

    prefix = "alerte"
    reason = long_text(
        _("Motif de la décision"), _("Le procès-verbal d'ouverture le dira."), required=True, rows=3
    )


class ContributionForm(OnDevice, forms.Form):
    """The secret sentence that unlocks a custodian's shares, or the shares that his device unsealed."""

    instead = "shares"
    shares = SealedField(read_shares)
    passphrase = passphrase_field(
        _("Votre phrase secrète"), _("Celle que vous avez choisie en créant votre clé de dépositaire.")
    )
