"""The answer of a firm: lot by lot, its prices and its files."""

from dataclasses import dataclass

from django import forms as django_forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from foundation.screens import forms
from tenders.forms.fields import ManyFilesField
from tenders.models import Lot, PriceLine


@dataclass(frozen=True)
class PriceRow:
    """A line of the schedule with its field."""

    line: PriceLine
    field: django_forms.BoundField


@dataclass(frozen=True)
class LotPart:
    """What the page shows of one lot: whether it is answered, its prices, its files."""

    lot: Lot
    answered: django_forms.BoundField | None
    rows: list[PriceRow]
    files: django_forms.BoundField


class BidForm(forms.Form):
    """Prices and files for each lot. `lots` come with their price lines."""

    def __init__(self, *args, lots, accept="", **kwargs):
        self.lots = list(lots)
        self.base_fields = {}
        for lot in self.lots:
            self.base_fields |= self._fields_of(lot, accept)
        super().__init__(*args, **kwargs)

    def _fields_of(self, lot, accept) -> dict:
        fields = {}
        if len(self.lots) > 1:
            label = _now("Je réponds au lot %(number)d") % {"number": lot.number}
            fields[f"lot-{lot.pk}"] = django_forms.BooleanField(label=label, required=False)
        for line in lot.price_lines.all():
            label = _now("%(code)s, prix unitaire en euros HT") % {"code": line.code}
            fields[f"prix-{line.pk}"] = forms.EuroField(label=label, required=False, max_digits=12)
        label = _now("Fichiers de l'offre pour le lot %(number)d") % {"number": lot.number}
        fields[f"files-{lot.pk}"] = ManyFilesField(label=label, required=False, accept=accept)
        return fields

    @property
    def parts(self) -> list[LotPart]:
        """The lots as the page draws them."""
        return [self._part(lot) for lot in self.lots]

    def _part(self, lot) -> LotPart:
        rows = [PriceRow(line, self[f"prix-{line.pk}"]) for line in lot.price_lines.all()]
        answered = self[f"lot-{lot.pk}"] if len(self.lots) > 1 else None
        return LotPart(lot, answered, rows, self[f"files-{lot.pk}"])

    def clean(self) -> dict:
        """Each answered lot has a price on every line and at least one file; the others stay empty."""
        cleaned = super().clean()
        chosen = [lot for lot in self.lots if self._is_answered(lot, cleaned)]
        if not chosen:
            raise django_forms.ValidationError(_now("Cochez au moins un lot auquel vous répondez."))
        for lot in self.lots:
            if lot in chosen:
                self._check_answered(lot, cleaned)
            else:
                self._check_left_out(lot, cleaned)
        return cleaned

    def _is_answered(self, lot, cleaned) -> bool:
        return len(self.lots) == 1 or bool(cleaned.get(f"lot-{lot.pk}"))

    def _check_answered(self, lot, cleaned) -> None:
        for line in lot.price_lines.all():
            name = f"prix-{line.pk}"
            if name not in self.errors and not cleaned.get(name):
                self.add_error(name, _now("Indiquez un prix, supérieur à zéro, pour cette ligne."))
        if f"files-{lot.pk}" not in self.errors and not cleaned.get(f"files-{lot.pk}"):
            self.add_error(
                f"files-{lot.pk}", _now("Joignez au moins un fichier : votre mémoire, par exemple.")
            )

    def _check_left_out(self, lot, cleaned) -> None:
        prices = any(cleaned.get(f"prix-{line.pk}") for line in lot.price_lines.all())
        if prices or cleaned.get(f"files-{lot.pk}"):
            message = _now(
                "Vous avez rempli ce lot sans le cocher : cochez-le, ou effacez ce qu'il contient."
            )
            self.add_error(f"lot-{lot.pk}", message)

    @property
    def prices(self) -> dict:
        """Unit prices of the answered lots: {lot: {line: euros}}."""
        return {
            lot: {line: self.cleaned_data[f"prix-{line.pk}"] for line in lot.price_lines.all()}
            for lot in self.lots
            if self._is_answered(lot, self.cleaned_data)
        }

    @property
    def answered_files(self) -> dict:
        """Files of the answered lots, as the upload handler left them: {lot: [file, …]}."""
        return {lot: self.cleaned_data[f"files-{lot.pk}"] for lot in self.prices}


class WithdrawForm(forms.Form):
    """The confirmation of a withdrawal."""

    understood = django_forms.BooleanField(
        label=_(
            "Je retire mon pli. Il ne sera pas ouvert ; je peux répondre de nouveau jusqu'à la date limite."
        )
    )
