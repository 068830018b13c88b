"""Forms of the second look at a draft."""

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from foundation.screens import forms
from tenders.forms.fields import long_text
from tenders.snapshots import SECTIONS


class AskReviewForm(forms.Form):
    """A word to the reviewer."""

    message = long_text(
        _("Un mot au relecteur"),
        _("Ce sur quoi vous aimeriez son avis. Exemple : « le lot 2 est nouveau, regardez les critères »."),
        rows=3,
    )


class CommentForm(forms.Form):
    """What is said of one part."""

    section = django_forms.ChoiceField(label=_("Partie"), choices=list(SECTIONS.items()))
    text = long_text(
        _("Remarque"),
        _("Ce qui gêne, et ce que vous proposez."),
        rows=3,
        required=True,
    )


class SendBackForm(forms.Form):
    """What is to be mended, in general."""

    decision_reason = long_text(
        _("Ce qui est à reprendre"),
        _("Facultatif si vous avez laissé des remarques sur les parties."),
        rows=3,
    )
