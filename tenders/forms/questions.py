"""Ask a question; group those alike and answer them."""

from django import forms as django_forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from foundation.screens import forms
from tenders.forms.fields import ManyFilesField, long_text
from tenders.models import Question
from tenders.profiles import QUESTION_FILE


class QuestionForm(forms.Form):
    """A question and its files."""

    text = long_text(
        _("Votre question"),
        _("Évitez ce qui dirait qui vous êtes : la question est publiée, reformulée, avec sa réponse."),
        rows=6,
        required=True,
        max_length=5000,
    )
    uploads = ManyFilesField(
        label=_("Pièces jointes"),
        required=False,
        accept=QUESTION_FILE.accept,
        help_text=_("Cinq fichiers au plus. L’acheteur les reçoit sous un nom neutre."),
    )


class _Questions(django_forms.ModelMultipleChoiceField):
    """Questions named by their first words: their author is not read."""

    def label_from_instance(self, obj):
        """The question as it was asked."""
        return obj.text


class AnswerForm(forms.Form):
    """The questions taken together, how the question is published, and the answer."""

    questions = _Questions(
        label=_("Questions auxquelles vous répondez ensemble"),
        queryset=Question.objects.none(),
        required=False,
        widget=django_forms.CheckboxSelectMultiple,
        help_text=_("Cochez celles qui demandent la même chose. Leurs auteurs ne vous sont pas montrés."),
    )
    question = long_text(
        _("Question telle qu’elle sera publiée"),
        _("Sans nom, ni tournure qui ferait reconnaître l’entreprise."),
        rows=3,
        required=True,
    )
    text = long_text(_("Réponse"), _("La même pour tous."), rows=6, required=True)

    def __init__(self, *args, questions, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["questions"].queryset = questions
        if not questions.exists():
            self.fields["questions"].help_text = _now(
                "Aucune question n’attend. Vous pouvez tout de même publier une précision utile à tous."
            )
