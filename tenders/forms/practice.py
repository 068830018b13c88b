"""The test of a workstation."""

from django.utils.translation import gettext_lazy as _

from foundation.screens import forms
from tenders.profiles import PRACTICE_FILE


class ProbeForm(forms.Form):
    """A file sent to see that it arrives whole."""

    upload = forms.FileField(
        label=_("Un fichier de votre poste"),
        accept=PRACTICE_FILE.accept,
        help_text=_("Vingt mégaoctets au plus. Il est contrôlé comme une vraie pièce, puis oublié."),
    )
