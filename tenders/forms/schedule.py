"""Form of the dates announced to bidders."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from foundation.screens import forms
from tenders.enums import Stage


class ScheduleForm(forms.Form):
    """A date for each stage of the procedure, none obligatory."""

    def __init__(self, *args, stages, **kwargs):
        self.stages = list(stages)
        self.base_fields = {
            str(stage.value): forms.DateField(label=stage.label, required=False) for stage in self.stages
        }
        super().__init__(*args, **kwargs)

    def clean(self) -> dict:
        """Something is announced, or a former announcement is taken back: never nothing at all."""
        data = super().clean()
        if not self.errors and not any(data.values()) and not any(self.initial.values()):
            raise ValidationError(_("Indiquez la date d'une étape au moins : les autres peuvent attendre."))
        return data

    @property
    def dates(self) -> dict[Stage, object]:
        """Stage → date or None, in the order of the procedure."""
        return {stage: self.cleaned_data[stage.value] for stage in self.stages}
