"""Forms of the written papers and of the library of clauses."""

from django import forms as django_forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from foundation.screens import forms
from tenders.enums import PaperKind
from tenders.forms.fields import long_text
from tenders.library import PAPERS
from tenders.library.variables import ASKED

MARKUP_HELP = _("**gras**, *italique*, une liste par tirets, et les variables entre doubles accolades.")
WRITTEN = [(kind.value, kind.label) for kind in PaperKind if kind.value in PAPERS]
_LONG = ("probleme", "usagers", "indicateurs")


class ValuesForm(forms.Form):
    """What the clauses of the papers ask; only the variables that they use."""

    def __init__(self, *args, names, **kwargs):
        super().__init__(*args, **kwargs)
        for asked in ASKED:
            if asked.name in names:
                self.fields[asked.name] = _field(asked)


def _field(asked) -> django_forms.CharField:
    help_text = _now("Exemple : « %(example)s ».") % {"example": asked.example}
    if asked.default:
        help_text = _now("Laissé vide : « %(default)s ».") % {"default": asked.default}
    if asked.name in _LONG:
        return long_text(asked.label, help_text, rows=3, max_length=4_000)
    return django_forms.CharField(label=asked.label, help_text=help_text, required=False, max_length=300)


class ClauseForm(forms.Form):
    """The words of a clause in a paper."""

    title = django_forms.CharField(label=_("Titre"), max_length=200)
    text = long_text(_("Texte"), MARKUP_HELP, rows=12, required=True, max_length=20_000)
    reason = long_text(
        _("Pourquoi ce texte"),
        _("Nécessaire dès qu'il n'est pas celui de la bibliothèque : le relecteur le lira."),
        rows=2,
    )


class AddClauseForm(forms.Form):
    """A clause of the library to put in a paper."""

    code = django_forms.ChoiceField(label=_("Clause"))
    reason = long_text(
        _("Pourquoi"), _("Exemple : « des données de santé sont traitées »."), rows=2, required=True
    )

    def __init__(self, *args, clauses, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = [
            (clause.code, f"{clause.chapter} · {clause.title}") for clause in clauses
        ]


class OwnClauseForm(forms.Form):
    """A clause as the organisation writes it."""

    title = django_forms.CharField(label=_("Titre"), max_length=200)
    text = long_text(_("Texte"), MARKUP_HELP, rows=12, required=True, max_length=20_000)
    article = django_forms.CharField(
        label=_("Article"),
        max_length=300,
        required=False,
        help_text=_("« à confirmer » s'il est cité de mémoire."),
    )
    advice = long_text(_("Quand la choisir"), rows=2)


class NewClauseForm(OwnClauseForm):
    """A clause that the library has not."""

    field_order = ["code", "paper", "chapter", "title"]
    code = django_forms.SlugField(
        label=_("Code"), max_length=60, help_text=_("Court, sans espace. Exemple : ccap-sante.")
    )
    paper = django_forms.ChoiceField(label=_("Pièce"), choices=WRITTEN)
    chapter = django_forms.CharField(label=_("Chapitre"), max_length=80)


class LibrarySearchForm(forms.Form):
    """Words and paper, above the list."""

    q = django_forms.CharField(label=_("Rechercher"), required=False)
    paper = django_forms.ChoiceField(
        label=_("Pièce"), required=False, choices=[("", _("Toutes les pièces")), *WRITTEN]
    )
