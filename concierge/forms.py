"""What the keepers of a file write."""

from django import forms as django_forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from concierge.enums import CertificateKind, FirmSize, LegalForm
from concierge.profiles import CERTIFICATE_FILE
from foundation.screens import forms


def _choices(enum) -> list[tuple]:
    return [("", _("Choisir")), *enum.choices]


def _long(label: str, hint: str = "", rows: int = 4) -> django_forms.CharField:
    widget = django_forms.Textarea(attrs={"rows": rows})
    return django_forms.CharField(label=label, help_text=hint, required=False, max_length=4000, widget=widget)


class FactsForm(forms.Form):
    """The facts of a firm and its figures of three years, each with its two fields."""

    version = django_forms.IntegerField(widget=django_forms.HiddenInput, required=False)
    legal_form = django_forms.ChoiceField(
        label=_("Forme juridique"), choices=_choices(LegalForm), required=False
    )
    size = django_forms.ChoiceField(
        label=_("Taille de l'entreprise"), choices=_choices(FirmSize), required=False
    )
    founded_date = forms.DateField(label=_("Date de création"), required=False)
    presentation = _long(
        _("Présentation"), _("Ce que fait l'entreprise, en quelques phrases qu'un non-spécialiste comprend.")
    )
    insurer = django_forms.CharField(label=_("Assureur"), required=False, max_length=150)
    insurance_policy = django_forms.CharField(
        label=_("Numéro de contrat d'assurance"), required=False, max_length=80
    )
    contact_name = django_forms.CharField(
        label=_("Interlocuteur pour les acheteurs"), required=False, max_length=150
    )
    contact_email = django_forms.EmailField(label=_("Son adresse électronique"), required=False)
    contact_phone = django_forms.CharField(label=_("Son téléphone"), required=False, max_length=30)

    def __init__(self, *args, years, **kwargs):
        self.years = list(years)
        self.base_fields = {**self.base_fields}
        for year in self.years:
            self.base_fields[f"turnover-{year}"] = forms.EuroField(
                label=_now("Chiffre d'affaires HT %(year)d, en euros") % {"year": year},
                required=False,
                max_digits=16,
            )
            self.base_fields[f"staff-{year}"] = django_forms.IntegerField(
                label=_now("Effectif moyen %(year)d") % {"year": year},
                required=False,
                min_value=0,
                max_value=10_000_000,
            )
        super().__init__(*args, **kwargs)

    @property
    def figures(self) -> dict[int, tuple]:
        """{year: (turnover or None, staff or None)} as the service takes them."""
        data = self.cleaned_data
        return {year: (data[f"turnover-{year}"], data[f"staff-{year}"]) for year in self.years}


class CapacityForm(forms.Form):
    """A capacity."""

    title = django_forms.CharField(
        label=_("Capacité"), max_length=150, help_text=_("Par exemple : recherche auprès des usagers.")
    )
    description = _long(
        _("Ce qui la montre"), _("Équipe, méthode, outils, résultats : des faits qu'on peut vérifier.")
    )


class ReferenceForm(forms.Form):
    """A reference."""

    client = django_forms.CharField(label=_("Client"), max_length=150)
    subject = django_forms.CharField(label=_("Objet de la prestation"), max_length=250)
    amount_excl_tax = forms.EuroField(label=_("Montant HT, en euros"), required=False)
    started_date = forms.DateField(label=_("Début"))
    ended_date = forms.DateField(label=_("Fin"), required=False, help_text=_("Vide si elle est en cours."))
    contact_name = django_forms.CharField(label=_("Personne à contacter"), required=False, max_length=150)
    contact_email = django_forms.EmailField(
        label=_("Son adresse électronique"),
        required=False,
        help_text=_("Prévenez cette personne : les acheteurs pourront lui écrire."),
    )


class CertificateForm(forms.Form):
    """A paper with its file."""

    kind = django_forms.ChoiceField(label=_("Nature"), choices=_choices(CertificateKind))
    title = django_forms.CharField(
        label=_("Intitulé"),
        required=False,
        max_length=150,
        help_text=_("Utile pour une qualification, par exemple : Qualiopi."),
    )
    issuer = django_forms.CharField(label=_("Délivrée par"), required=False, max_length=150)
    issued_date = forms.DateField(label=_("Délivrée le"), required=False)
    expires_date = forms.DateField(
        label=_("Dernier jour de validité"),
        required=False,
        help_text=_("Vous serez prévenu un mois avant, puis une semaine avant."),
    )
    upload = forms.FileField(label=_("Fichier"), accept=CERTIFICATE_FILE.accept)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["upload"].help_text = _now("%(types)s ; %(size)d Mo au plus.") % {
            "types": CERTIFICATE_FILE.words,
            "size": CERTIFICATE_FILE.max_bytes // (1024 * 1024),
        }
