"""What the list of consultations may be narrowed by: the same names on its page, in its feed, in saved searches and in
the API.
"""

import re
from datetime import date, datetime, time, timedelta

import django_filters
from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from foundation.clock import now
from foundation.screens import forms
from tenders.enums import Phase, Procedure, Sort, Technique
from tenders.legal import PARIS
from tenders.models import Tender
from tenders.selectors import finding

PUBLIC_PHASES = [(phase.value, phase.label) for phase in Phase if phase != Phase.DRAFT]
EARLIEST, LATEST = 1900, 2200
"""Years that a date of the filters may bear: beyond, neither Python nor the database counts on."""
_DEPARTMENT = re.compile(r"^(\d{2,3}|2[AB])$", re.IGNORECASE)


class MomentField(forms.DateField):
    """A day of Paris, or an instant with its offset (ISO 8601)."""

    default_error_messages = {"invalid": _("Écrivez une date, par exemple 03/03/2026.")}

    def to_python(self, value) -> date | datetime | None:
        """The day, or the instant when the text gives an hour and an offset."""
        is_instant = isinstance(value, str) and "T" in value.upper()
        moment = _instant(value) if is_instant else super().to_python(value)
        if (is_instant and moment is None) or (moment and not EARLIEST <= moment.year <= LATEST):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return moment


def _instant(text: str) -> datetime | None:
    try:
        # A « + » that arrived unescaped in an address is a space.
        instant = parse_datetime(text.strip().replace(" ", "+"))
    except ValueError:
        return None
    return instant if instant and instant.tzinfo else None


@extend_schema_field(OpenApiTypes.DATETIME)
class MomentFilter(django_filters.Filter):
    """A deadline from a day or an instant on, or until it; the whole of the last day counts."""

    field_class = MomentField

    def __init__(self, *args, until: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.until = until

    def instant(self, value: date | datetime) -> datetime:
        """The instant that the query compares with."""
        if isinstance(value, datetime):
            return value
        return datetime.combine(value + timedelta(days=1 if self.until else 0), time(0), PARIS)


class CodeFilter(django_filters.CharFilter):
    """A code of a known form."""

    field_class = django_forms.RegexField


class AmountFilter(django_filters.NumberFilter):
    """An amount, read as every other."""

    field_class = forms.EuroField


class TenderFilter(django_filters.FilterSet):
    """Words (French full text), phase, place, CPV branch, procedure, technique, buyer, deadline and amount."""

    q = django_filters.CharFilter(
        label=_("Mots-clés"), max_length=200, help_text=_("Intitulé, objet ou référence")
    )
    phase = django_filters.ChoiceFilter(
        label=_("État"), choices=Phase.choices, empty_label=_("Tous les états")
    )
    department = CodeFilter(
        regex=_DEPARTMENT,
        label=_("Département"),
        help_text=_("Numéro, par exemple 75 ou 2A"),
        error_messages={"invalid": _("Écrivez un numéro de département : 75, 2A, 974.")},
    )
    cpv = CodeFilter(
        regex=r"^\d{2,8}(-\d)?$",
        label=_("Code CPV"),
        help_text=_("Le début suffit : 72 pour les services informatiques"),
        error_messages={"invalid": _("Écrivez deux à huit chiffres, par exemple 72 ou 72262000.")},
    )
    procedure = django_filters.ChoiceFilter(
        label=_("Procédure"), choices=Procedure.choices, empty_label=_("Toutes les procédures")
    )
    due_after = MomentFilter(label=_("Réponse attendue à partir du"))
    due_before = MomentFilter(
        label=_("Réponse attendue avant le"), until=True, help_text=_("Date limite au plus tard ce jour-là")
    )
    amount_min = AmountFilter(
        label=_("Montant à partir de"),
        min_value=0,
        help_text=_("En euros HT : maximum annoncé ou estimation"),
    )
    amount_max = AmountFilter(label=_("Montant jusqu’à"), min_value=0)
    technique = django_filters.ChoiceFilter(
        label=_("Technique d’achat"), choices=Technique.choices, empty_label=_("Toutes les techniques")
    )
    buyer = django_filters.NumberFilter(label=_("Acheteur (identifiant)"), min_value=1)

    class Meta:
        model = Tender
        form = forms.Form
        fields: list[str] = []

    @property
    def criteria(self) -> dict:
        """What was understood, as the search takes it; what was not is said beside its field and left out."""
        if not self.form.is_bound:
            return {}
        self.form.is_valid()
        given = {
            name: value for name, value in self.form.cleaned_data.items() if value not in (None, "", "-")
        }
        for name in ("due_after", "due_before"):
            if name in given:
                given[name] = self.filters[name].instant(given[name])
        return given

    def filter_queryset(self, queryset):
        """The rows that answer every criterion, at the instant of the request."""
        rows = finding.search_tenders(queryset, at=now(), **self.criteria)
        return finding.few_named(rows) if "q" in self.criteria else rows


class TenderListFilter(TenderFilter):
    """The same above the public list, with its order."""

    sort = django_filters.ChoiceFilter(
        label=_("Trier par"), choices=Sort.choices, empty_label=_("Plus récentes")
    )

    class Meta(TenderFilter.Meta):
        pass

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.form.fields["phase"].choices = [("", _("Tous les états")), *PUBLIC_PHASES]
        # Reached by a link, not typed: kept in the address without a field of its own.
        for name in ("technique", "buyer"):
            self.form.fields[name].widget = django_forms.HiddenInput()

    def filter_queryset(self, queryset):
        """The rows in the order asked for."""
        return self.found(queryset)

    def found(self, queryset, *, nearly: bool = False):
        """The rows, in order; `nearly`: titles spelt almost like the words, when nothing holds them."""
        wanted = self.criteria
        sort = wanted.pop("sort", "")
        wanted["phase"] = finding.phase_for(wanted.get("phase", ""), sort)
        rows = finding.search_tenders(queryset, at=now(), nearly=nearly, **wanted)
        if "q" in wanted and not nearly:
            rows = finding.few_named(rows)
        return finding.in_order(rows, "" if nearly else sort, wanted.get("q", ""))


def found_by(criteria: dict, tenders):
    """The rows of `tenders` that answer a saved search."""
    return TenderFilter(criteria, tenders).qs


def asked(parameters) -> dict:
    """The known parameters of an address that were understood, as they were typed: what a saved search keeps."""
    given = {
        name: value.strip() for name, value in parameters.items() if name in TenderListFilter.base_filters
    }
    if not any(given.values()):
        return {}
    filterset = TenderListFilter(
        {name: value for name, value in given.items() if value}, Tender.objects.none()
    )
    return {name: given[name] for name in sorted(filterset.criteria)}


def in_words(filterset: TenderListFilter) -> list[tuple]:
    """What a search asks for, as a person reads it: (label, value)."""
    told = []
    for name in filterset.criteria:
        field, typed = filterset.form.fields[name], filterset.form.data[name]
        told.append((field.label, dict(getattr(field, "choices", ())).get(typed, typed)))
    return told
