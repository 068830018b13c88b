"""Forms of a consultation being written, step by step."""

from django import forms as django_forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from foundation.screens import forms
from tenders.forms.fields import long_text
from tenders.forms.tables import Row, Rows
from tenders.profiles import CONSULTATION_FILE


class LotForm(forms.Form):
    """A lot."""

    title = django_forms.CharField(label=_("Intitulé du lot"), max_length=200)
    description = long_text(_("Description"), _("Ce que ce lot couvre et ce qu'il ne couvre pas."), rows=3)
    max_holders = django_forms.IntegerField(
        label=_("Nombre maximal de titulaires"),
        min_value=1,
        max_value=30,
        initial=1,
        help_text=_("Un seul, ou plusieurs si les commandes se répartissent entre eux."),
    )


class LotLimitsForm(forms.Form):
    """How many lots a firm may answer, how many it may win, and which ones when it is first on more."""

    max_lots_tendered = django_forms.IntegerField(
        label=_("Nombre de lots auxquels une entreprise peut répondre"),
        required=False,
        min_value=1,
        max_value=200,
        help_text=_("Vide : à tous."),
    )
    max_lots_awarded = django_forms.IntegerField(
        label=_("Nombre de lots qu'une entreprise peut obtenir"),
        required=False,
        min_value=1,
        max_value=200,
        help_text=_("Vide : tous."),
    )
    lots_rule = long_text(
        _("Règle si une entreprise arrive en tête de plus de lots"),
        _("Objective et annoncée. Exemple : « les lots sont attribués dans l'ordre de leur numéro »."),
        rows=2,
    )


class PriceLineForm(Row):
    """A row of the price schedule."""

    telling = ("code", "label", "unit")
    code = django_forms.CharField(label=_("Code"), max_length=40)
    label = django_forms.CharField(label=_("Désignation"), max_length=300)
    unit = django_forms.CharField(label=_("Unité"), max_length=60)
    simulated_quantity = forms.NumberField(label=_("Quantité simulée"), max_digits=12, initial=1)
    price_places = django_forms.TypedChoiceField(
        label=_("Prix au"),
        choices=[
            (2, _("centime")),
            *((places, _("%(count)d décimales") % {"count": places}) for places in range(3, 7)),
        ],
        coerce=int,
        empty_value=2,
        required=False,
    )


PriceLineFormSet = django_forms.formset_factory(PriceLineForm, formset=Rows, extra=5, max_num=300)


class PastedPricesForm(forms.Form):
    """Rows copied from a spreadsheet: code, label, unit, quantity, decimals of the price, separated by tabs or
    semicolons.
    """

    pasted = long_text(
        _("Coller depuis un tableur"),
        _(
            "Une ligne par prix : code, désignation, unité, quantité, décimales du prix. Les deux dernières peuvent "
            "manquer : elles valent alors 1 et 2."
        ),
        rows=5,
        required=True,
    )

    def clean_pasted(self) -> list[dict]:
        """The rows. Each one that is not understood is named by its number."""
        lines = [line for line in self.cleaned_data["pasted"].splitlines() if line.strip()]
        return [self._row(number, line) for number, line in enumerate(lines, start=1)]

    def _row(self, number: int, line: str) -> dict:
        cells = [cell.strip() for cell in line.split("\t" if "\t" in line else ";")]
        if len(cells) not in (3, 4, 5):
            self._refuse(
                number, _now("il faut trois à cinq colonnes, il y en a %(count)d") % {"count": len(cells)}
            )
        row = PriceLineForm(
            dict(zip(PriceLineForm.base_fields, (*cells, *("1", "2")[len(cells) - 3 :]), strict=True))
        )
        if not row.is_valid():
            self._refuse(number, " ".join(error for errors in row.errors.values() for error in errors))
        return row.cleaned_data

    def _refuse(self, number: int, why: str) -> None:
        raise django_forms.ValidationError(
            _now("Ligne %(number)d : %(why)s") % {"number": number, "why": why}
        )


class PriceTemplateForm(forms.Form):
    """Which ready-made catalogue to load in the price schedules."""

    template = django_forms.ChoiceField(label=_("Catalogue"))

    def __init__(self, *args, templates, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["template"].choices = [(found.code, found.label) for found in templates]


class DocumentForm(forms.Form):
    """A file of the consultation."""

    title = django_forms.CharField(
        label=_("Intitulé"),
        max_length=200,
        help_text=_("Exemple : « Cahier des clauses techniques particulières »."),
    )
    file = forms.FileField(label=_("Fichier"), accept=CONSULTATION_FILE.accept)


class CustodiansForm(forms.Form):
    """Who holds a share of the key that opens the bids, and how many must be there."""

    custodians = django_forms.ModelMultipleChoiceField(
        label=_("Dépositaires"), queryset=None, widget=django_forms.CheckboxSelectMultiple
    )
    custodian_threshold = django_forms.IntegerField(
        label=_("Nombre de dépositaires nécessaires à l'ouverture"),
        min_value=2,
        initial=2,
        help_text=_(
            "Deux au moins. Désignez une personne de plus : si l'une manque, les plis s'ouvrent quand même."
        ),
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["custodians"]
        field.queryset = people
        # Read once here: a queryset would be asked again for each drawing of the field.
        field.choices = [(user.pk, _custodian_label(user)) for user in people]


def _custodian_label(user) -> str:
    words = _now("%(name)s (clé prête)") if user.has_key else _now("%(name)s (n'a pas encore créé sa clé)")
    return words % {"name": user}


class PublishForm(forms.Form):
    """The last confirmation before a consultation becomes public."""

    understood = django_forms.BooleanField(
        label=_(
            "J'ai relu la consultation : une fois publiée, ses lots, ses critères et son bordereau "
            "ne changent plus."
        )
    )
