"""Forms of what follows the award: documents, signature, challenges, reasons, taking an award back."""

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from foundation.screens import forms
from tenders import legal
from tenders.enums import ReversalGround
from tenders.forms.fields import long_text
from tenders.profiles import PIECE, SIGNED_ACT


class PiecesForm(forms.Form):
    """The documents asked from the future holder, and until when."""

    labels = django_forms.MultipleChoiceField(
        label=_("Pièces demandées"),
        widget=django_forms.CheckboxSelectMultiple,
        choices=[(label, label) for label in legal.HOLDER_PIECES],
        required=False,
        help_text=_("Ce que l'administration peut obtenir elle-même ne se demande pas (art. R2143-13)."),
    )
    other = django_forms.CharField(label=_("Autre pièce"), max_length=200, required=False)
    due_at = forms.DateTimeField(label=_("Attendues avant le"))


class PieceForm(forms.Form):
    """A document of the future holder."""

    upload = forms.FileField(label=_("Fichier"), help_text=PIECE.words)


class RefusePieceForm(forms.Form):
    """Whether a document does, and why not."""

    is_accepted = django_forms.TypedChoiceField(
        label=_("Décision"),
        widget=django_forms.RadioSelect,
        choices=[("yes", _("La pièce est acceptée")), ("no", _("La pièce est à remplacer"))],
        coerce=lambda value: value == "yes",
    )
    reason = long_text(_("Motif du refus"), _("Il est envoyé à l'entreprise."), rows=3)


class SignForm(forms.Form):
    """The signed act."""

    upload = forms.FileField(
        label=_("Acte signé (PDF)"), help_text=_("Le PDF qui porte les signatures électroniques des parties.")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["upload"].widget.attrs["accept"] = SIGNED_ACT.accept


class ChallengeForm(forms.Form):
    """A challenge before the judge."""

    claimant = django_forms.CharField(label=_("Requérant"), max_length=200)
    court = django_forms.CharField(label=_("Tribunal"), max_length=200)
    case_number = django_forms.CharField(label=_("Numéro de l'affaire"), max_length=60, required=False)
    filed_at = forms.DateTimeField(label=_("Notifié à l'acheteur le"))


class OutcomeForm(forms.Form):
    """How a challenge ended."""

    outcome = long_text(_("Issue"), _("Ordonnance, désistement, date."), required=True)


class ReasonsForm(forms.Form):
    """The detailed reasons given to a firm."""

    answer = long_text(
        _("Motifs"),
        _(
            "Les motifs du rejet, les caractéristiques et avantages de l'offre retenue ; ni prix détaillés ni "
            "savoir-faire des autres (art. L2132-1)."
        ),
        required=True,
        rows=8,
    )


class ReverseForm(forms.Form):
    """Why an award is taken back."""

    ground = django_forms.ChoiceField(
        label=_("Fondement"), widget=django_forms.RadioSelect, choices=ReversalGround.choices
    )
    reason = long_text(_("Motif"), _("Il est envoyé à l'entreprise et entre au dossier."), required=True)
