"""The candidature of an answer: declaration, consortium, subcontractors, papers of the firm's file."""

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from django import forms as django_forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from foundation.errors import Reason
from foundation.screens import forms
from tenders.enums import Grouping
from tenders.forms.deposit import SEALED, BidForm, KnownFields, backup_field, told_to_device
from tenders.forms.fields import ManyFilesField
from tenders.forms.sealed import SealedField, read_answer
from tenders.legal import candidatures as law
from tenders.services import CandidatureDraft
from tenders.services.candidatures.deposit import MOST_PARTNERS

ROWS = 2
"""Empty rows offered at first, and added by each « ajouter »."""
MEMBER = "membre"
SUBCONTRACTOR = "soustraitant"
_COLUMNS = {
    MEMBER: (("siret", _("SIRET"), 20), ("name", _("Nom"), 200), ("share", _("Part des prestations"), 250)),
    SUBCONTRACTOR: (
        ("siret", _("SIRET"), 20),
        ("name", _("Nom"), 200),
        ("services", _("Prestations confiées"), 250),
    ),
}


@dataclass(frozen=True)
class PartnerRow:
    """A row of the table of partners, with its fields in their order."""

    number: int
    fields: list


class CandidatureFields:
    """Mixed in a form of answer. `papers`: the usable papers of the firm. `rows`: how many rows each table has.

    The server keeps nothing that is typed here before the deposit: the page says so.
    """

    most_partners = MOST_PARTNERS

    def set_up(self, *, papers, rows: dict[str, int], asks_lots=()) -> None:
        """Called before the form is built."""
        self.papers, self.asks_lots = list(papers), list(asks_lots)
        self.rows = {kind: min(max(rows.get(kind, ROWS), ROWS), MOST_PARTNERS) for kind in _COLUMNS}

    def candidature_fields(self) -> dict:
        """Every field of the candidature, by name."""
        fields = {
            "declared": django_forms.BooleanField(label=law.DECLARATION_WORDS, required=False),
            "declared_quality": django_forms.CharField(
                label=_now("En qualité de"),
                required=False,
                max_length=150,
                help_text=_now("Par exemple : gérante."),
            ),
            "certificates": self._certificates(),
            "grouping": django_forms.ChoiceField(
                label=_now("Vous répondez"),
                choices=Grouping.choices,
                initial=Grouping.ALONE,
                widget=django_forms.RadioSelect,
                required=False,
            ),
            "is_agent_jointly_liable": django_forms.BooleanField(
                label=_now("Groupement conjoint : le mandataire est solidaire de chaque membre"),
                required=False,
            ),
        }
        fields |= self._lot_field() if self.asks_lots else {}
        for kind in _COLUMNS:
            fields |= self._partner_fields(kind)
        return fields

    def _lot_field(self) -> dict:
        field = django_forms.MultipleChoiceField(
            label=_now("Lots auxquels vous êtes candidat"),
            choices=[(str(lot.number), str(lot)) for lot in self.asks_lots],
            widget=django_forms.CheckboxSelectMultiple,
            error_messages={"required": _now("Cochez au moins un lot.")},
        )
        return {"lot_numbers": field}

    def _certificates(self) -> django_forms.Field:
        return django_forms.MultipleChoiceField(
            label=_now("Pièces de votre dossier à joindre"),
            choices=[(str(paper.pk), f"{paper} ({paper.name})") for paper in self.papers],
            initial=[str(paper.pk) for paper in self.papers],
            widget=django_forms.CheckboxSelectMultiple,
            required=False,
        )

    def _partner_fields(self, kind: str) -> dict:
        fields = {f"{kind}s": django_forms.IntegerField(widget=django_forms.HiddenInput, required=False)}
        fields[f"{kind}s"].initial = self.rows[kind]
        for rank in range(self.rows[kind]):
            for name, label, longest in _COLUMNS[kind]:
                words = _now("%(label)s, ligne %(rank)d") % {"label": label, "rank": rank + 1}
                field = django_forms.CharField(label=words, required=False, max_length=longest)
                fields[f"{kind}-{rank}-{name}"] = field
            if kind == SUBCONTRACTOR:
                fields |= _engagement_fields(rank)
        return fields

    def clean_declared(self) -> bool:
        """Said here too, so that one reading of the page tells everything that misses."""
        if not self.cleaned_data["declared"]:
            missing = Reason(str(law.DECLARATION_MISSING), article=law.DECLARATION.cited)
            raise django_forms.ValidationError(str(missing))
        return True

    def _table(self, kind: str) -> list[PartnerRow]:
        names = [name for name, _label, _longest in _COLUMNS[kind]]
        names += ["amount_excl_tax", "is_relied_on"] if kind == SUBCONTRACTOR else []
        return [
            PartnerRow(rank + 1, [self[f"{kind}-{rank}-{name}"] for name in names])
            for rank in range(self.rows[kind])
        ]

    @property
    def member_rows(self) -> list[PartnerRow]:
        """The table of members, as the page draws it."""
        return self._table(MEMBER)

    @property
    def subcontractor_rows(self) -> list[PartnerRow]:
        """The table of subcontractors, as the page draws it."""
        return self._table(SUBCONTRACTOR)

    def _partners(self, kind: str) -> list[dict]:
        """Rows that hold something, in the order of the page; `row` tells a refusal where to point."""
        found = []
        for rank in range(self.rows[kind]):
            prefix = f"{kind}-{rank}-"
            row = {
                name.removeprefix(prefix): value
                for name, value in self.cleaned_data.items()
                if name.startswith(prefix)
            }
            if any(row.values()):
                found.append({**row, "siret": row.get("siret", "").replace(" ", ""), "row": rank})
        return found

    @property
    def draft(self) -> CandidatureDraft:
        """What the service takes."""
        data = self.cleaned_data
        return CandidatureDraft(
            is_declared=data["declared"],
            declared_quality=data["declared_quality"],
            grouping=data["grouping"] or Grouping.ALONE,
            is_agent_jointly_liable=data["is_agent_jointly_liable"],
            members=self._partners(MEMBER),
            subcontractors=self._partners(SUBCONTRACTOR),
            certificates=[int(pk) for pk in data["certificates"]],
            lot_numbers=[int(number) for number in data.get("lot_numbers", [])],
        )


def _engagement_fields(rank: int) -> dict:
    """What a subcontractor is engaged for: how much, and whether its capacities count."""
    words = {"rank": rank + 1}
    return {
        f"{SUBCONTRACTOR}-{rank}-amount_excl_tax": forms.EuroField(
            label=_now("Montant maximum HT, ligne %(rank)d") % words, required=False
        ),
        f"{SUBCONTRACTOR}-{rank}-is_relied_on": django_forms.BooleanField(
            label=_now("Capacités invoquées, ligne %(rank)d") % words, required=False
        ),
    }


class AnswerForm(CandidatureFields, BidForm):
    """A whole answer: candidature, then prices and files of each lot. Later rounds ask no candidature again."""

    def __init__(self, *args, papers=(), rows=None, asks_candidature=True, **kwargs):
        self.asks_candidature = asks_candidature
        self.set_up(papers=papers, rows=rows or {})
        super().__init__(*args, **kwargs)

    def more_fields(self) -> dict:
        """The candidature stands first."""
        return self.candidature_fields() if self.asks_candidature else {}

    @property
    def candidature(self) -> CandidatureDraft | None:
        """What the service takes; None in a later round."""
        return self.draft if self.asks_candidature else None


class CandidatureOnlyForm(CandidatureFields, KnownFields):
    """A candidature, in a procedure where offers come later: no price is asked nor taken."""

    parts = ()
    asks_candidature = True

    def __init__(
        self, *args, lots, papers=(), rows=None, refusals: Iterable[Reason] = (), accept="", **kwargs
    ):
        self.refusals = list(refusals)
        self.set_up(papers=papers, rows=rows or {}, asks_lots=lots)
        label = _now("Fichiers de la candidature")
        self.base_fields = {
            **self.candidature_fields(),
            "files": told_to_device(ManyFilesField(label=label, required=False, accept=accept), files=""),
            "is_backup": backup_field(),
            SEALED: SealedField(read_answer),
        }
        super().__init__(*args, **kwargs)

    def clean(self) -> dict:
        """Files that were refused while they arrived are told."""
        for reason in self.refusals:
            self.add_error(reason.field if reason.field in self.fields else None, str(reason))
        return super().clean()

    @property
    def prices(self) -> dict:
        """None is taken in this round."""
        return {}

    def told_beside(self) -> AbstractContextManager[None]:
        """Refusals of the service name the fields of this page already."""
        return nullcontext()

    @property
    def answers(self) -> None:
        """None is taken in this round."""
        return

    @property
    def candidature(self) -> CandidatureDraft:
        """What the service takes."""
        return self.draft
