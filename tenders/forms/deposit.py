"""The answer of a firm: lot by lot, its prices and its files."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from django import forms as django_forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from foundation.errors import Reason, Refusal, field_path
from foundation.screens import forms
from tenders.forms.fields import ManyFilesField, long_text
from tenders.forms.sealed import SealedField, read_answer
from tenders.models import ImpactQuestion, Lot, PriceLine
from tenders.prices import MISSING, WHOLE_DIGITS

SEALED = "pli"
"""The field that stands for prices, answers and files when the device of the bidder sealed them."""


@dataclass(frozen=True)
class PriceRow:
    """A line of the schedule with its field."""

    line: PriceLine
    field: django_forms.BoundField


@dataclass(frozen=True)
class ImpactRow:
    """An impact question with the fields of its answer and of its evidence, when one is asked."""

    question: ImpactQuestion
    words: django_forms.BoundField
    evidence: django_forms.BoundField | None


@dataclass(frozen=True)
class LotPart:
    """What the page shows of one lot: whether it is answered, its prices, its files."""

    lot: Lot
    answered: django_forms.BoundField | None
    rows: list[PriceRow]
    files: django_forms.BoundField
    impact: list[ImpactRow]


def backup_field() -> django_forms.BooleanField:
    """Whether what is sent doubles a bid, to be opened in the two legal cases only."""
    return django_forms.BooleanField(
        label=_("Ceci est une copie de sauvegarde de mon pli"),
        required=False,
        help_text=_(
            "Elle reste fermée. L'acheteur ne l'ouvre que si votre pli porte un programme malveillant, ou s'il est "
            "incomplet, hors délai ou illisible alors que son envoi avait commencé à temps."
        ),
    )


CENTS = 2
BESIDE = {
    *("csrfmiddlewaretoken", "ajouter", "importer", "deposer", SEALED),
    *("envoi", "vu", "remplace", "relu", "sans-fichier"),
}
SENT_NAMES = ("nom-", "empreinte-", "bordereau-")
"""What the page sends beside its fields: its buttons, what it showed, names and digests that only the browser knows,
schedules to read (a browser sends an empty one when no file was chosen).
"""


class KnownFields(forms.Form):
    """An answer in which nothing is ignored: a name that the page has not may be the price or the file that misses."""

    beside = BESIDE
    lots: tuple | list = ()

    def clean(self) -> dict:
        """Each unknown name is told."""
        for name in self.data:
            if name not in self.beside and name not in self.fields and not name.startswith(SENT_NAMES):
                message = _now("Le champ « %(name)s » n’existe pas dans cette réponse : vérifiez son nom.")
                self.add_error(None, message % {"name": name[:60]})
        return super().clean()

    @contextmanager
    def told_beside(self) -> Iterator[None]:
        """Refusals of the service, told beside the fields of this page: `prices.1.UO-1` is that of its line."""
        try:
            yield
        except Refusal as refusal:
            fields = self._fields_by_place()
            moved = [replace(one, field=fields.get(one.field, one.field)) for one in refusal.reasons]
            raise Refusal.of(moved) from refusal

    def _fields_by_place(self) -> dict[str, str]:
        lots = {field_path("prices", lot.number): f"answered-{lot.number}" for lot in self.lots}
        return lots | {
            field_path("prices", lot.number, line.code): f"prix-{line.pk}"
            for lot in self.lots
            for line in lot.price_lines.all()
        }


def told_to_device(field: django_forms.Field, **facts) -> django_forms.Field:
    """A field with what the script that seals on the device reads of it (`data-…`)."""
    if isinstance(field, forms.DecimalField):
        facts |= {"places": field.decimal_places, "digits": field.max_digits}
    field.widget.attrs |= {f"data-{name}": str(value) for name, value in facts.items()}
    return field


class BidForm(KnownFields):
    """Prices and files for each lot. `lots` come with their price lines.

    Files are sealed before the form sees them; `refusals` says why some were not taken, with their field.
    """

    def __init__(self, *args, lots, refusals: Iterable[Reason] = (), accept="", **kwargs):
        self.lots = list(lots)
        # Also said of the only lot, where nothing is asked.
        self.beside = BESIDE | {f"answered-{lot.number}" for lot in self.lots}
        self.refusals = list(refusals)
        self.base_fields = self.more_fields()
        for lot in self.lots:
            self.base_fields |= self._fields_of(lot, accept)
        self.base_fields |= {"is_backup": backup_field(), SEALED: SealedField(read_answer)}
        super().__init__(*args, **kwargs)

    def more_fields(self) -> dict:
        """Fields that stand before those of the lots."""
        return {}

    def _fields_of(self, lot, accept) -> dict:
        fields, words = {}, {"number": lot.number}
        if len(self.lots) > 1:
            label = _now("Je réponds au lot %(number)d") % words
            answered = django_forms.BooleanField(label=label, required=False)
            fields[f"answered-{lot.number}"] = told_to_device(answered, answered=lot.number)
        for line in lot.price_lines.all():
            label = _now("%(code)s, prix unitaire en euros HT") % {"code": line.code}
            if line.price_places > CENTS:
                label += _now(" (%(count)d décimales au plus)") % {"count": line.price_places}
            fields[f"prix-{line.pk}"] = told_to_device(
                forms.EuroField(
                    label=label,
                    required=False,
                    decimal_places=line.price_places,
                    max_digits=WHOLE_DIGITS + line.price_places,
                ),
                price=line.code,
                label=line.label,
                quantity=line.simulated_quantity,
            )
        label = _now("Fichiers de l'offre pour le lot %(number)d") % words
        files = ManyFilesField(label=label, required=False, accept=accept)
        fields[f"lot-{lot.number}-files"] = told_to_device(files, files=lot.number)
        return fields | self._impact_fields(lot)

    @property
    def parts(self) -> list[LotPart]:
        """The lots as the page draws them."""
        return [self._part(lot) for lot in self.lots]

    def _part(self, lot) -> LotPart:
        rows = [PriceRow(line, self[f"prix-{line.pk}"]) for line in lot.price_lines.all()]
        answered = self[f"answered-{lot.number}"] if len(self.lots) > 1 else None
        return LotPart(lot, answered, rows, self[f"lot-{lot.number}-files"], self._impact_rows(lot))

    def _impact_rows(self, lot) -> list[ImpactRow]:
        return [
            ImpactRow(
                question,
                self[f"impact-{question.pk}"],
                self[f"preuve-{question.pk}"] if question.evidence else None,
            )
            for question in self._questions(lot)
        ]

    def _questions(self, lot) -> list[ImpactQuestion]:
        """The questions of a lot; the practice consultation asks none."""
        return list(lot.impact_questions.all()) if hasattr(lot, "impact_questions") else []

    def _impact_fields(self, lot) -> dict:
        fields = {}
        for question in self._questions(lot):
            words = long_text(question.text, max_length=4000)
            required = {"required": 1} if question.is_required else {}
            fields[f"impact-{question.pk}"] = told_to_device(words, impact=question.pk, **required)
            if question.evidence:
                evidence = django_forms.CharField(
                    label=_now("Preuve attendue : %(evidence)s") % {"evidence": question.evidence},
                    help_text=_now("Une adresse, ou le nom d'un fichier joint à ce lot."),
                    required=False,
                    max_length=500,
                )
                fields[f"preuve-{question.pk}"] = told_to_device(evidence, evidence=question.pk)
        return fields

    @property
    def answers(self) -> dict[int, dict[int, dict[str, str]]]:
        """Answers to the impact questions of the answered lots, as the service takes them; none when sealed."""
        data = self.cleaned_data
        if data.get(SEALED):
            return {}
        return {
            lot.number: {
                question.pk: {
                    "words": data.get(f"impact-{question.pk}", ""),
                    "evidence": data.get(f"preuve-{question.pk}", ""),
                }
                for question in self._questions(lot)
            }
            for lot in self.lots
            if self._is_answered(lot)
        }

    def clean(self) -> dict:
        """Each answered lot has a price on every line; what was filled without being answered is said."""
        cleaned = super().clean()
        for reason in self.refusals:
            self.add_error(reason.field if reason.field in self.fields else None, str(reason))
        chosen = [lot for lot in self.lots if self._is_answered(lot)]
        if not chosen:
            raise django_forms.ValidationError(_now("Cochez au moins un lot auquel vous répondez."))
        if cleaned.get(SEALED):  # what is sealed is read at the opening only
            return cleaned
        for lot in self.lots:
            if lot in chosen:
                self._check_prices(lot)
            else:
                self._check_left_out(lot)
        return cleaned

    def _is_answered(self, lot) -> bool:
        return len(self.lots) == 1 or bool(self.cleaned_data.get(f"answered-{lot.number}"))

    def _check_prices(self, lot) -> None:
        for line in lot.price_lines.all():
            name = f"prix-{line.pk}"
            if name not in self.errors and self.cleaned_data.get(name) is None:
                self.add_error(name, str(MISSING))

    def _check_left_out(self, lot) -> None:
        prices = (self.cleaned_data.get(f"prix-{line.pk}") for line in lot.price_lines.all())
        if any(price is not None for price in prices) or self.cleaned_data.get(f"lot-{lot.number}-files"):
            message = _now("Vous avez rempli ce lot sans le cocher : cochez-le, ou effacez son contenu.")
            self.add_error(f"answered-{lot.number}", message)

    @property
    def prices(self) -> dict[int, dict[str, str]]:
        """Unit prices of the answered lots, as the service takes them: {lot number: {line code: euros}}; none when
        they are sealed.
        """
        if self.cleaned_data.get(SEALED):
            return {}
        return {
            lot.number: {
                line.code: f"{self.cleaned_data[f'prix-{line.pk}']:f}" for line in lot.price_lines.all()
            }
            for lot in self.lots
            if self._is_answered(lot)
        }


class WithdrawForm(forms.Form):
    """The confirmation of a withdrawal."""

    understood = django_forms.BooleanField(
        label=_(
            "Je retire mon pli : il ne sera pas ouvert. Je peux répondre de nouveau avant la date limite."
        )
    )
