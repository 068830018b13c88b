"""Form of the dates announced to bidders."""

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

    @property
    def dates(self) -> dict[Stage, object]:
        """Stage → date or None, in the order of the procedure."""
        return {stage: self.cleaned_data[stage.value] for stage in self.stages}
