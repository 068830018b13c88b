"""Forms of the analysis: marks, award, decision."""

from dataclasses import dataclass

from django import forms as django_forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from foundation.screens import forms
from tenders.forms.fields import long_text
from tenders.models import Criterion
from tenders.models.analysis import MAX_POINTS


@dataclass(frozen=True)
class MarkRow:
    """A criterion with its two fields."""

    criterion: Criterion
    points: django_forms.BoundField
    comment: django_forms.BoundField


class MarksForm(forms.Form):
    """The marks of one evaluator for one offer, 0 to 5 with a comment; what has a formula is left out."""

    def __init__(self, *args, criteria, **kwargs):
        self.criteria = [criterion for criterion in criteria if not criterion.is_scored_by_formula]
        self.base_fields = {}
        for criterion in self.criteria:
            self.base_fields |= self._fields_of(criterion)
        super().__init__(*args, **kwargs)

    def _fields_of(self, criterion) -> dict:
        names = {"label": criterion.label}
        points = forms.NumberField(
            label=_now("Note sur %(max)d : %(label)s") % {**names, "max": MAX_POINTS},
            max_digits=3,
            max_value=MAX_POINTS,
            help_text=_now("De 0 à %(max)d, au quart de point si besoin : 3,25.") % {"max": MAX_POINTS},
        )
        comment = long_text(
            _now("Appréciation : %(label)s") % names,
            _now("Ce qui justifie la note. Ces mots serviront à motiver la décision auprès des entreprises."),
            rows=3,
            required=True,
        )
        return {f"points-{criterion.pk}": points, f"comment-{criterion.pk}": comment}

    @property
    def rows(self) -> list[MarkRow]:
        """The criteria as the page draws them."""
        return [
            MarkRow(found, self[f"points-{found.pk}"], self[f"comment-{found.pk}"]) for found in self.criteria
        ]

    @property
    def marks(self) -> list[dict]:
        """What the service takes: criterion, points, comment."""
        return [
            {
                "criterion": found,
                "points": self.cleaned_data[f"points-{found.pk}"],
                "comment": self.cleaned_data[f"comment-{found.pk}"],
            }
            for found in self.criteria
        ]


class AwardForm(forms.Form):
    """How many of the best offers are kept, or why none is."""

    holders = django_forms.TypedChoiceField(
        label=_("Titulaires proposés"),
        coerce=int,
        widget=django_forms.RadioSelect,
        help_text=_(
            "Dans l'ordre du classement : il ne se contourne pas (art. R2152-7 du code de la "
            "commande publique)."
        ),
    )
    strengths = long_text(
        _("Ce qui distingue l'offre retenue"),
        _("Caractéristiques et avantages, sans prix ni savoir-faire : les autres entreprises le liront."),
        rows=3,
    )
    reason = long_text(
        _("Motif"), _("Obligatoire si le lot n'est pas attribué : il est communiqué aux entreprises."), rows=3
    )

    def __init__(self, *args, names, maximum, **kwargs):
        super().__init__(*args, **kwargs)
        counts = range(1, min(maximum, len(names)) + 1)
        choices = [(count, self._words(names[:count])) for count in counts]
        self.fields["holders"].choices = [*choices, (0, _now("Aucun : le lot n'est pas attribué"))]

    @staticmethod
    def _words(names) -> str:
        words = ngettext("%(count)d titulaire : %(names)s", "%(count)d titulaires : %(names)s", len(names))
        return words % {"count": len(names), "names": ", ".join(names)}


class DecideForm(forms.Form):
    """The signatory's decision on the whole consultation."""

    understood = django_forms.BooleanField(
        label=_("J'ai lu l'analyse et je décide l'attribution telle qu'elle est proposée."),
    )
