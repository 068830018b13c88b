"""Forms of the criteria: their table, the notation of each, the impact questions."""

from decimal import Decimal

from django import forms as django_forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from foundation.screens import forms
from tenders.enums import CriterionKind, ImpactTheme
from tenders.forms.tables import Row, Rows
from tenders.formulas import FORMULAS
from tenders.impact import library
from tenders.models.criteria import MAX_POINTS

TOP, SUB = "1", "2"


class CriterionForm(Row):
    """A row of the table of criteria; a sub-criterion belongs to the criterion above it."""

    telling = ("label", "description", "weight")
    level = django_forms.ChoiceField(
        label=_("Rang"),
        choices=[(TOP, _("Critère")), (SUB, _("↳ Sous-critère"))],
        initial=TOP,
        required=False,
    )
    label = django_forms.CharField(label=_("Intitulé"), max_length=200)
    description = django_forms.CharField(label=_("Ce qui est apprécié"), required=False, max_length=1000)
    kind = django_forms.ChoiceField(
        label=_("Nature"), choices=CriterionKind.choices, initial=CriterionKind.QUALITY, required=False
    )
    weight = forms.NumberField(label=_("Poids (%)"), max_digits=5, min_value=0, max_value=100)
    is_environmental = django_forms.BooleanField(label=_("Porte sur l'environnement"), required=False)


class CriterionRows(Rows):
    """The table of criteria, given back as a tree."""

    def clean(self):
        """A sub-criterion has a criterion above it."""
        for row in self.rows():
            if row.get("level") == SUB:
                raise django_forms.ValidationError(
                    _now("La première ligne est un critère : un sous-critère se place sous son critère.")
                )
            break

    def tree(self) -> list[dict]:
        """The criteria with their `children`, as the service takes them."""
        tree: list[dict] = []
        for row in self.rows():
            facts = {name: row[name] for name in ("label", "description", "weight", "is_environmental")}
            if row["level"] == SUB:
                tree[-1]["children"].append(facts)
            else:
                kind = row["kind"] or CriterionKind.QUALITY
                tree.append({**facts, "kind": kind, "children": []})
        return tree


CriterionFormSet = django_forms.formset_factory(CriterionForm, formset=CriterionRows, extra=4, max_num=60)


class PriceNotationForm(forms.Form):
    """The formula that turns the price into a mark."""

    formula = django_forms.ChoiceField(
        label=_("Formule"),
        choices=[(code, formula.label) for code, formula in FORMULAS.items()],
        widget=django_forms.RadioSelect,
        help_text=_("L'offre la plus basse a toujours tous les points. Les courbes sont comparées plus bas."),
    )
    formula_parameter = forms.NumberField(
        label=_("Pente"),
        max_digits=5,
        required=False,
        min_value=Decimal("0.01"),
        help_text=_("Pour la formule linéaire depuis l'offre la plus basse. Vide : 1."),
    )


class QualityNotationForm(forms.Form):
    """The mark under which an offer is eliminated."""

    minimum_points = forms.NumberField(
        label=_("Note éliminatoire, sur 5"),
        max_digits=3,
        required=False,
        min_value=Decimal("0.25"),
        max_value=MAX_POINTS,
        help_text=_("Sous cette moyenne, l'offre n'est pas classée. Vide : aucune."),
    )


class LevelForm(Row):
    """A written level of notation."""

    telling = ("label", "description")
    points = forms.NumberField(label=_("Note sur 5"), max_digits=3, min_value=0, max_value=MAX_POINTS)
    label = django_forms.CharField(label=_("Niveau"), max_length=60)
    description = django_forms.CharField(label=_("Ce qui le mérite"), max_length=1000)


class CostItemForm(Row):
    """A cost of use added to the price."""

    telling = ("label", "unit", "unit_cost_excl_tax")
    label = django_forms.CharField(label=_("Coût d'usage"), max_length=200)
    unit = django_forms.CharField(label=_("Ce que déclare l'entreprise"), max_length=60)
    unit_cost_excl_tax = forms.EuroField(label=_("Coût unitaire (€ HT)"), max_digits=12, decimal_places=4)
    multiplier = forms.NumberField(label=_("Multiplié par"), max_digits=8, initial=1)


LevelFormSet = django_forms.formset_factory(LevelForm, formset=Rows, extra=2, max_num=12)
CostItemFormSet = django_forms.formset_factory(CostItemForm, formset=Rows, extra=3, max_num=30)

USUAL_LEVELS = (
    (5, _("Excellent"), _("Réponse complète, précise et prouvée, au-delà de ce qui est attendu.")),
    (4, _("Bon"), _("Réponse complète et précise, prouvée par des exemples.")),
    (3, _("Satisfaisant"), _("Réponse conforme à ce qui est attendu, peu illustrée.")),
    (2, _("Insuffisant"), _("Réponse incomplète ou trop générale.")),
    (0, _("Absent"), _("Aucune réponse, ou sans rapport avec la demande.")),
)
"""The grid proposed to who has written none."""


class ImpactQuestionForm(Row):
    """A row of the table of impact questions."""

    telling = ("text",)
    text = django_forms.CharField(
        label=_("Question"), max_length=400, widget=django_forms.Textarea(attrs={"rows": 3})
    )
    theme = django_forms.ChoiceField(label=_("Thème"), choices=ImpactTheme.choices)
    evidence = django_forms.CharField(
        label=_("Preuve attendue"),
        max_length=300,
        required=False,
        widget=django_forms.Textarea(attrs={"rows": 3}),
    )
    criterion = django_forms.ChoiceField(label=_("Lue pour le critère"), required=False)
    is_required = django_forms.BooleanField(label=_("Obligatoire"), required=False, initial=True)
    code = django_forms.CharField(required=False, max_length=40, widget=django_forms.HiddenInput)

    def __init__(self, *args, criteria=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.criteria = {str(row.pk): row for row in criteria}
        choices = [(pk, row.full_label) for pk, row in self.criteria.items()]
        self.fields["criterion"].choices = [("", _now("Aucun : négociation et engagements")), *choices]

    def clean_criterion(self):
        """The criterion itself."""
        return self.criteria.get(self.cleaned_data["criterion"])


ImpactFormSet = django_forms.formset_factory(ImpactQuestionForm, formset=Rows, extra=2, max_num=40)


class LibraryForm(forms.Form):
    """Which questions of the library to ask."""

    questions = django_forms.MultipleChoiceField(
        label=_("Questions à reprendre"), widget=django_forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, asked=(), theme="", **kwargs):
        super().__init__(*args, **kwargs)
        offered = [
            question
            for question in library().values()
            if question.code not in asked and (not theme or question.theme == theme)
        ]
        self.fields["questions"].choices = [(q.code, f"{q.theme.label} — {q.text}") for q in offered]
