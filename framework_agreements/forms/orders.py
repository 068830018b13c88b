"""Drafting an order: where it goes, then its lines."""

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from foundation.screens import forms
from framework_agreements import selectors
from framework_agreements.services import LineDraft
from needs.rules import projects_visible_to

BLANK_LINES = 3
MOST_LINES = 40


class OrderStartForm(forms.Form):
    """Which lot of which agreement is ordered from."""

    lot = django_forms.ModelChoiceField(
        label=_("Accord-cadre et lot"), queryset=None, widget=django_forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args, lots, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lot"].queryset = lots
        self.fields["lot"].label_from_instance = lambda lot: f"{lot.agreement.reference} · {lot}"


class OrderForm(forms.Form):
    """For whom, to whom, for what."""

    beneficiary = django_forms.ModelChoiceField(label=_("Bénéficiaire"), queryset=None)
    holder = django_forms.ModelChoiceField(label=_("Titulaire"), queryset=None)
    holder_reason = django_forms.CharField(
        label=_("Pourquoi un autre titulaire que celui que la règle désigne"),
        required=False,
        widget=django_forms.Textarea(attrs={"rows": 2}),
        help_text=_("À remplir seulement si vous ne suivez pas la règle annoncée du lot (art. R2162-14)."),
    )
    title = django_forms.CharField(
        label=_("Objet de la commande"),
        max_length=200,
        help_text=_("Par exemple : construction du service « Trouve ta place »."),
    )
    description = django_forms.CharField(
        label=_("Précisions pour le titulaire"),
        required=False,
        widget=django_forms.Textarea(attrs={"rows": 4}),
        help_text=_("Contexte, lieu, personne à contacter, complexité retenue et pourquoi."),
    )
    delivery_due_date = forms.DateField(label=_("Livraison attendue le"), required=False)
    project = django_forms.ModelChoiceField(
        label=_("Projet d’achat"), queryset=None, required=False, empty_label=_("Aucun")
    )

    def __init__(self, *args, user, lot, beneficiaries, **kwargs):
        super().__init__(*args, **kwargs)
        self.holders = list(selectors.holders_of(lot))
        self.designated = selectors.designated_holder(lot)
        self._offer("beneficiary", beneficiaries, [(row.pk, str(row)) for row in beneficiaries])
        ranked = [(row.pk, f"{row.rank}. {row.organisation}") for row in self.holders]
        self._offer("holder", selectors.holders_of(lot), ranked)
        self.fields["project"].queryset = projects_visible_to(user)
        self.fields["holder"].initial = self.designated
        if len(beneficiaries) == 1:
            self.fields["beneficiary"].initial = beneficiaries[0]
        if len(self.holders) == 1:
            del self.fields["holder_reason"]

    def _offer(self, name, allowed, choices) -> None:
        """Choices from rows already read; what is sent back is looked for among those allowed."""
        field = self.fields[name]
        field.queryset = allowed
        field.choices = [("", field.empty_label), *choices]


class LineForm(forms.Form):
    """A work unit and how many; the days when the text gives no load."""

    work_unit = django_forms.ChoiceField(label=_("Unité d’œuvre"), required=False)
    quantity = forms.NumberField(label=_("Quantité"), required=False, max_digits=8)
    planned_days = forms.NumberField(
        label=_("Jours-homme, si le texte n’en donne pas"),
        required=False,
        max_digits=8,
    )

    def __init__(self, *args, units, choices, **kwargs):
        super().__init__(*args, **kwargs)
        self.units = units
        self.fields["work_unit"].choices = choices

    def clean(self):
        """A line has a unit and a quantity, or nothing at all."""
        data = super().clean()
        if data.get("work_unit") and data.get("quantity") is None and "quantity" not in self.errors:
            self.add_error("quantity", _("Combien d’unités ? Par exemple 1."))
        if data.get("quantity") is not None and not data.get("work_unit") and "work_unit" not in self.errors:
            self.add_error("work_unit", _("Choisissez l’unité d’œuvre, ou effacez la quantité."))
        return data

    def draft(self) -> LineDraft | None:
        """The line asked for; None for a blank one."""
        data = self.cleaned_data
        if not data.get("work_unit"):
            return None
        return LineDraft(self.units[int(data["work_unit"])], data["quantity"], data["planned_days"])


class BaseLineFormSet(django_forms.BaseFormSet):
    """The lines of an order."""

    def drafts(self) -> list[tuple[int, LineDraft]]:
        """The lines asked for, each with the index of its form."""
        found = [(index, form.draft()) for index, form in enumerate(self.forms)]
        return [(index, draft) for index, draft in found if draft]

    def add_reasons(self, reasons, places) -> list:
        """Put each reason of a line beside its field; give back those of the order itself."""
        rest = []
        for reason in reasons:
            parts = reason.field.split(".")
            if len(parts) == 3 and int(parts[1]) < len(places):
                self.forms[places[int(parts[1])]].add_error(parts[2], str(reason))
            else:
                rest.append(reason)
        return rest


def line_choices(units) -> list:
    """The units by phase, for a select; each says its load."""
    groups: dict = {}
    for unit in units:
        load = f" ({unit.load_days.normalize():f} j)" if unit.load_days else ""
        groups.setdefault(unit.get_phase_display(), []).append((unit.pk, f"{unit.code} {unit.title}{load}"))
    return [("", _("Choisir…")), *groups.items()]


def line_formset(units, data=None, initial=(), blank=BLANK_LINES):
    """The formset of an order's lines, with a few blank ones."""
    factory = django_forms.formset_factory(
        LineForm, formset=BaseLineFormSet, extra=blank, max_num=MOST_LINES, absolute_max=MOST_LINES
    )
    options = {"units": {unit.pk: unit for unit in units}, "choices": line_choices(units)}
    return factory(data, initial=list(initial), prefix="lines", form_kwargs=options)


class ProgressForm(forms.Form):
    """Days done on a line."""

    line = django_forms.ModelChoiceField(label=_("Ligne"), queryset=None)
    days = forms.NumberField(
        label=_("Jours-homme réalisés"),
        max_digits=7,
        min_value=None,
        help_text=_("Un nombre négatif corrige une saisie."),
    )
    activity = django_forms.CharField(
        label=_("Activité opérationnelle"),
        max_length=200,
        help_text=_("Par exemple : tests utilisateurs, développement."),
    )

    def __init__(self, *args, order, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["line"].queryset = order.lines.select_related("work_unit")
        self.fields["line"].label_from_instance = lambda line: f"{line.position}. {line.work_unit}"
