"""Recording an agreement concluded elsewhere, and what it is made of."""

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from foundation.accounts.enums import OrganisationKind
from foundation.accounts.models import Organisation
from foundation.screens import forms
from framework_agreements import catalogue
from framework_agreements.enums import AgreementState, AllocationRule


def _months(label, help_text="", **options):
    return django_forms.IntegerField(label=label, help_text=help_text, min_value=0, max_value=240, **options)


class AgreementSearchForm(forms.Form):
    """Words and state, above the public list."""

    q = django_forms.CharField(
        label=_("Rechercher"), required=False, help_text=_("Objet, référence, acheteur")
    )
    state = django_forms.ChoiceField(
        label=_("État"), required=False, choices=[("", _("Tous les états")), *AgreementState.choices]
    )


class AgreementForm(forms.Form):
    """The agreement as the contract states it."""

    reference = django_forms.CharField(label=_("Référence"), max_length=60)
    title = django_forms.CharField(label=_("Objet"), max_length=250)
    description = django_forms.CharField(
        label=_("Description"), required=False, widget=django_forms.Textarea(attrs={"rows": 4})
    )
    source_note = django_forms.CharField(
        label=_("Origine des informations"),
        required=False,
        help_text=_("Par exemple : CCTP et avis de marché, lien vers le BOAMP."),
    )
    price_note = django_forms.CharField(
        label=_("Mention sur les prix"),
        max_length=200,
        required=False,
        help_text=_("Par exemple : prix révisés."),
    )
    notice_date = forms.DateField(
        label=_("Avis de marché publié le"),
        required=False,
        help_text=_("Avant le 1er janvier 2022, un accord-cadre pouvait être conclu sans maximum."),
    )
    estimated_excl_tax = forms.EuroField(label=_("Montant estimé (€ HT)"), required=False)
    maximum_excl_tax = forms.EuroField(
        label=_("Montant maximum (€ HT)"),
        required=False,
        help_text=_("Obligatoire depuis 2022 (art. R2162-4 du code de la commande publique ; CJUE C-23/20)."),
    )
    firm_months = _months(_("Période ferme (mois)"), initial=48)
    renewal_count = _months(_("Nombre de reconductions"), initial=0)
    renewal_months = _months(_("Durée d’une reconduction (mois)"), initial=12)
    renewal_tacit = django_forms.BooleanField(label=_("Reconduction tacite"), required=False, initial=True)
    notice_months = _months(_("Préavis de non-reconduction (mois)"), initial=1)
    duration_reason = django_forms.CharField(
        label=_("Justification d’une durée de plus de quatre ans"),
        required=False,
        widget=django_forms.Textarea(attrs={"rows": 2}),
        help_text=_("Quatre ans au plus, reconductions comprises, sauf cas justifié (art. L2125-1)."),
    )


class NewAgreementForm(AgreementForm):
    """The same, with the organisation that concluded it."""

    buyer = django_forms.ModelChoiceField(label=_("Acheteur"), queryset=Organisation.objects.none())

    field_order = ["buyer"]

    def __init__(self, *args, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["buyer"].queryset = organisations
        if organisations.count() == 1:
            self.fields["buyer"].initial = organisations.first()


class LotForm(forms.Form):
    """A lot, its maximum and the rule that shares its orders."""

    number = django_forms.IntegerField(label=_("Numéro"), min_value=1, max_value=99)
    title = django_forms.CharField(label=_("Intitulé"), max_length=250)
    maximum_excl_tax = forms.EuroField(label=_("Montant maximum du lot (€ HT)"), required=False)
    allocation_rule = django_forms.ChoiceField(
        label=_("Règle d’attribution des bons de commande"),
        choices=AllocationRule.choices,
        widget=django_forms.RadioSelect,
        initial=AllocationRule.SINGLE,
        help_text=_("Celle que la consultation a annoncée (art. R2162-14)."),
    )


class CatalogueForm(forms.Form):
    """Which lot of the specification feeds this lot."""

    lot_number = django_forms.TypedChoiceField(
        label=_("Catalogue à charger"),
        coerce=int,
        choices=[
            (lot.number, f"{catalogue.SOURCE}, lot {lot.number} : {lot.title} ({len(lot.units)} unités)")
            for lot in catalogue.LOTS
        ],
        widget=django_forms.RadioSelect,
    )


class HolderForm(forms.Form):
    """A firm that holds the lot, and its rank."""

    organisation = django_forms.ModelChoiceField(
        label=_("Titulaire"),
        queryset=Organisation.objects.filter(kind=OrganisationKind.SUPPLIER).order_by("name"),
    )
    rank = django_forms.IntegerField(
        label=_("Rang"),
        min_value=1,
        max_value=50,
        help_text=_("1 pour le titulaire unique ou le premier servi."),
    )


class BeneficiaryForm(forms.Form):
    """A buyer of the closed list, and its own ceiling when it has one."""

    organisation = django_forms.ModelChoiceField(
        label=_("Bénéficiaire"),
        queryset=Organisation.objects.filter(kind=OrganisationKind.BUYER).order_by("name"),
    )
    ceiling_excl_tax = forms.EuroField(
        label=_("Plafond propre (€ HT)"),
        required=False,
        help_text=_("Vide : seul le maximum commun s’applique."),
    )
    note = django_forms.CharField(label=_("Mention"), max_length=120, required=False)


class ServedForm(forms.Form):
    """When the agreement was served on its holders: the legal act that starts it."""

    served_at = forms.DateTimeField(
        label=_("Notifié aux titulaires le"),
        help_text=_("La période ferme court de ce jour. La liste des bénéficiaires se ferme."),
    )


class ReasonForm(forms.Form):
    """Why something ends."""

    reason = django_forms.CharField(label=_("Motif"), widget=django_forms.Textarea(attrs={"rows": 3}))


class PricesForm(forms.Form):
    """The price schedule of a holder: a field for each work unit of the lot."""

    def __init__(self, *args, units, known, **kwargs):
        super().__init__(*args, **kwargs)
        self.units = {f"unit_{unit.pk}": unit for unit in units}
        for name, unit in self.units.items():
            self.fields[name] = forms.EuroField(
                label=str(unit),
                required=False,
                initial=known.get(unit.pk),
                help_text=unit.unit_label,
                decimal_places=unit.price_places,
                max_digits=10 + unit.price_places,
            )

    def prices(self, data) -> dict:
        """The typed prices by work unit."""
        return {unit: data[name] for name, unit in self.units.items() if data[name] is not None}
