"""Forms of the negotiation: the grid, the slots, the record, the commitments, the final offers."""

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from foundation.screens import forms
from tenders import negotiating
from tenders.forms.fields import long_text

SLOTS = 3


class StartForm(forms.Form):
    """The common grid: topics announced, others, time of each meeting."""

    topics = django_forms.MultipleChoiceField(
        label=_("Sujets, les mêmes pour tous"),
        widget=django_forms.CheckboxSelectMultiple,
        help_text=_(
            "Tirés des critères et des questions d'impact annoncés. Ni les exigences minimales ni les "
            "critères ne se négocient (art. R2161-17)."
        ),
        required=False,
    )
    other = django_forms.CharField(label=_("Autre sujet"), max_length=400, required=False)
    minutes = django_forms.IntegerField(
        label=_("Durée de chaque réunion, en minutes"), min_value=15, max_value=480, initial=60
    )

    def __init__(self, *args, lot, **kwargs):
        super().__init__(*args, **kwargs)
        self.offered = negotiating.topics_offered(lot)
        self.fields["topics"].choices = [(topic.code, topic.label) for topic in self.offered]
        self.fields["topics"].initial = [topic.code for topic in self.offered]

    @property
    def chosen(self) -> list[negotiating.Topic]:
        """The topics of the grid, the buyer's own last."""
        data = self.cleaned_data
        topics = [topic for topic in self.offered if topic.code in data["topics"]]
        return topics + ([negotiating.Topic("other", data["other"])] if data["other"].strip() else [])


class PrepareForm(forms.Form):
    """What one candidate is asked on each topic, where and when."""

    def __init__(self, *args, notes, **kwargs):
        self.notes = list(notes)
        self.base_fields = {
            "place": django_forms.CharField(label=_("Lieu ou adresse de visioconférence"), max_length=300)
        }
        for number in range(1, SLOTS + 1):
            self.base_fields[f"slot-{number}"] = forms.DateTimeField(
                label=_("Créneau %(number)d") % {"number": number}, required=number == 1
            )
        for note in self.notes:
            self.base_fields[f"prompt-{note.topic_id}"] = long_text(
                note.topic.label, _("Ce qui est à éclaircir ou à améliorer dans cette offre."), rows=2
            )
        super().__init__(*args, **kwargs)

    @property
    def call(self) -> dict:
        """What the service takes."""
        data = self.cleaned_data
        slots = [data[f"slot-{number}"] for number in range(1, SLOTS + 1)]
        prompts = {note.topic_id: data[f"prompt-{note.topic_id}"] for note in self.notes}
        return {"place": data["place"], "slots": [slot for slot in slots if slot], "prompts": prompts}


class RecordForm(forms.Form):
    """What came out of each topic."""

    def __init__(self, *args, notes, **kwargs):
        self.notes = list(notes)
        self.base_fields = {
            f"outcome-{note.topic_id}": long_text(
                note.topic.label, note.prompt or _("Ce qui en est sorti."), rows=3, required=True
            )
            for note in self.notes
        }
        super().__init__(*args, **kwargs)

    @property
    def outcomes(self) -> dict[int, str]:
        """Topic → words."""
        return {note.topic_id: self.cleaned_data[f"outcome-{note.topic_id}"] for note in self.notes}


class CommitmentForm(forms.Form):
    """A commitment with its indicator."""

    topic = django_forms.TypedChoiceField(label=_("Sujet"), coerce=int)
    clause = long_text(
        _("Clause"), _("Telle qu'elle s'écrira dans le contrat : « Le titulaire… »"), required=True, rows=3
    )
    indicator = django_forms.CharField(
        label=_("Indicateur"),
        max_length=200,
        help_text=_("Ce qui se mesure : part du code publié, émissions par mois…"),
    )
    target = django_forms.CharField(label=_("Cible"), max_length=120, help_text=_("Une valeur et une date."))

    def __init__(self, *args, topics, **kwargs):
        super().__init__(*args, **kwargs)
        self.topics = {topic.pk: topic for topic in topics}
        self.fields["topic"].choices = [(topic.pk, topic.label) for topic in topics]


class FinalOffersForm(forms.Form):
    """When the final offers are due."""

    due_at = forms.DateTimeField(label=_("Offres finales attendues avant le"))


class SlotForm(forms.Form):
    """The candidate's choice among its slots."""

    starts_at = django_forms.ChoiceField(label=_("Créneau"), widget=django_forms.RadioSelect)

    def __init__(self, *args, slots, words, **kwargs):
        super().__init__(*args, **kwargs)
        self.slots = {slot.isoformat(): slot for slot in slots}
        self.fields["starts_at"].choices = [(key, words(slot)) for key, slot in self.slots.items()]

    @property
    def chosen(self):
        """The instant chosen."""
        return self.slots[self.cleaned_data["starts_at"]]


class SignRecordForm(forms.Form):
    """The candidate's remarks on the record; `read` names the record that the page shows."""

    read = django_forms.CharField(widget=django_forms.HiddenInput, required=False)
    remarks = long_text(_("Vos remarques"), _("Elles sont jointes au compte rendu."), rows=4)
    understood = django_forms.BooleanField(
        label=_("J'ai lu le compte rendu et les engagements, et je les contresigne pour mon entreprise.")
    )


class DeclineForm(forms.Form):
    """The candidate keeps its offer as it is."""

    reason = long_text(
        _("Votre réponse"), _("Par exemple : nous maintenons notre offre."), required=True, rows=3
    )
