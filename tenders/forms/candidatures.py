"""Forms of the examination of candidatures, and of the candidate who completes his."""

from dataclasses import dataclass

from django import forms as django_forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from foundation.screens import forms
from tenders.enums import CandidatureState, Piece, RejectionGround
from tenders.forms.fields import long_text
from tenders.profiles import COMPLEMENT_FILE
from tenders.services import Wanted

ALWAYS = (Piece.OTHER, Piece.OBSERVATIONS)
"""What may be asked whatever the candidature holds."""
OPEN = (CandidatureState.RECEIVED, CandidatureState.TO_COMPLETE)


@dataclass(frozen=True)
class AskedGroup:
    """A candidature with the fields of what may be asked: (box, words)."""

    candidature: object
    fields: list[tuple]


class ComplementsForm(forms.Form):
    """One request to all: what misses is ticked already, candidature by candidature."""

    message = long_text(_("Message commun à tous"), rows=3, max_length=2000)
    due_at = forms.DateTimeField(
        label=_("Réponses attendues avant"),
        help_text=_("Heure de Paris. Le même délai pour tous les candidats."),
    )

    def __init__(self, *args, rows, **kwargs):
        self.rows = [row for row in rows if row.candidature.state in OPEN]
        self.base_fields = {**self.base_fields}
        for row in self.rows:
            missing = [check.piece for check in row.missing]
            for piece in (*missing, *ALWAYS):
                self.base_fields |= self._fields_of(row.candidature, piece, piece in missing)
        super().__init__(*args, **kwargs)

    def _fields_of(self, candidature, piece, is_missing) -> dict:
        label = Piece(piece).label
        name = f"{candidature.pk}-{piece}"
        words = {"piece": label, "name": candidature.bid.bidder.name}
        initial = label if is_missing else ""
        return {
            f"piece-{name}": django_forms.BooleanField(label=label, required=False, initial=is_missing),
            f"words-{name}": django_forms.CharField(
                label=_now("Ce qui est attendu de %(name)s : %(piece)s") % words,
                required=False,
                max_length=300,
                initial=initial,
            ),
        }

    @property
    def groups(self) -> list[AskedGroup]:
        """The candidatures as the page draws them."""
        groups = []
        for row in self.rows:
            names = [f"{row.candidature.pk}-{piece}" for piece in (*(c.piece for c in row.missing), *ALWAYS)]
            fields = [(self[f"piece-{name}"], self[f"words-{name}"]) for name in names]
            groups.append(AskedGroup(row.candidature, fields))
        return groups

    def clean(self) -> dict:
        """What is ticked is said in words."""
        cleaned = super().clean()
        for name, ticked in list(cleaned.items()):
            if name.startswith("piece-") and ticked and not cleaned.get(name.replace("piece-", "words-", 1)):
                self.add_error(name.replace("piece-", "words-", 1), _now("Dites ce qui est attendu."))
        return cleaned

    @property
    def wanted(self) -> list[Wanted]:
        """What the service takes."""
        found = []
        for name, ticked in self.cleaned_data.items():
            if name.startswith("piece-") and ticked:
                _piece, pk, piece = name.split("-", 2)
                found.append(Wanted(int(pk), piece, self.cleaned_data[f"words-{pk}-{piece}"]))
        return found


class OffersForm(forms.Form):
    """When the offers of the listed candidates are due."""

    due_at = forms.DateTimeField(
        label=_("Offres attendues avant"), help_text=_("Heure de Paris. Le même délai pour tous.")
    )


class RejectForm(forms.Form):
    """Why a candidature is rejected."""

    ground = django_forms.ChoiceField(label=_("Motif"))
    reason = long_text(
        _("Raisons"), _("Le candidat les lira quand la liste sera arrêtée."), required=True, max_length=4000
    )

    def __init__(self, *args, grounds: list[RejectionGround], **kwargs):
        super().__init__(*args, **kwargs)
        self.grounds = grounds
        self.fields["ground"].choices = [("", _("Choisir")), *((one.value, one.label) for one in grounds)]


class ComplementForm(forms.Form):
    """The answer of a candidate to one thing asked."""

    item = django_forms.IntegerField(widget=django_forms.HiddenInput)
    words = long_text(_("Votre réponse"), rows=3, max_length=4000)
    upload = forms.FileField(label=_("Fichier"), required=False, accept=COMPLEMENT_FILE.accept)
