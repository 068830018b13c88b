"""Forms of the evaluation: what is settled together, excluded, asked of low prices, decided between equals."""

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from foundation.screens import forms
from tenders.enums import ExclusionGround
from tenders.forms.fields import long_text
from tenders.models.analysis import MAX_POINTS


class SettleForm(forms.Form):
    """The mark retained together, with its reason when it differs."""

    points = forms.NumberField(
        label=_("Note retenue sur 5"), max_digits=3, max_value=MAX_POINTS, help_text=_("De 0 à 5.")
    )
    reason = long_text(
        _("Motif"),
        _("Obligatoire dès que la note s'écarte de l'une de celles données séparément."),
        rows=4,
    )


class CloseForm(forms.Form):
    """What the session discussed."""

    summary = long_text(
        _("Ce qui a été discuté"), _("Quelques phrases : elles entrent au dossier."), required=True
    )


class ExcludeForm(forms.Form):
    """Why an offer leaves the ranking."""

    ground = django_forms.ChoiceField(
        label=_("Fondement"),
        widget=django_forms.RadioSelect,
        choices=[
            (
                ExclusionGround.IRREGULAR,
                _("Irrégulière : incomplète, ou contraire au dossier (art. L2152-2)"),
            ),
            (ExclusionGround.UNACCEPTABLE, _("Inacceptable : au-dessus des crédits alloués (art. L2152-3)")),
            (ExclusionGround.INAPPROPRIATE, _("Inappropriée : ne répond pas au besoin (art. L2152-4)")),
            (ExclusionGround.BELOW_MINIMUM, _("Sous la note minimale annoncée")),
        ],
    )
    reason = long_text(_("Motif"), _("Il est communiqué à l'entreprise, tel quel."), required=True)


class RestoreForm(forms.Form):
    """Why an offer comes back in the ranking."""

    reason = long_text(
        _("Motif"), _("Par exemple une régularisation reçue, ou une erreur constatée."), required=True
    )


class AskLowForm(forms.Form):
    """What a firm is asked of its prices, and until when."""

    question = long_text(
        _("Justifications demandées"),
        _("Visez ce qui surprend : une ligne du bordereau, un temps passé, un coût du travail."),
        required=True,
        rows=5,
    )
    due_at = forms.DateTimeField(label=_("Réponse attendue avant le"))


class AnswerLowForm(forms.Form):
    """A firm's justifications."""

    answer = long_text(
        _("Vos justifications"),
        _(
            "Mode de fabrication ou de prestation, solutions techniques, conditions favorables, originalité, "
            "réglementation du travail et de l'environnement, aides publiques (art. R2152-3)."
        ),
        required=True,
        rows=8,
    )


class DecideLowForm(forms.Form):
    """Whether prices are justified, and why."""

    is_justified = django_forms.TypedChoiceField(
        label=_("Décision"),
        widget=django_forms.RadioSelect,
        choices=[("yes", _("Le prix est justifié")), ("no", _("L'offre est rejetée : anormalement basse"))],
        coerce=lambda value: value == "yes",
    )
    reason = long_text(_("Motif"), _("Il est communiqué à l'entreprise."), required=True, rows=5)


class TieForm(forms.Form):
    """Equal offers put in order: a place for each, then the reason."""

    def __init__(self, *args, offers, **kwargs):
        self.offers = list(offers)
        places = [(place, str(place)) for place in range(1, len(self.offers) + 1)]
        self.base_fields = {
            f"place-{offer.pk}": django_forms.TypedChoiceField(
                label=_("Place de %(bidder)s") % {"bidder": offer.bidder}, choices=places, coerce=int
            )
            for offer in self.offers
        }
        self.base_fields["reason"] = long_text(
            _("Ce qui les départage"), _("Un fait tiré des offres et des critères annoncés."), required=True
        )
        super().__init__(*args, **kwargs)

    def clean(self):
        """Each place once."""
        data = super().clean()
        places = [data.get(f"place-{offer.pk}") for offer in self.offers]
        if len(set(places)) != len(places):
            raise django_forms.ValidationError(_("Donnez une place différente à chaque offre."))
        return data

    @property
    def order(self) -> list:
        """The offers, the best first."""
        return sorted(self.offers, key=lambda offer: self.cleaned_data[f"place-{offer.pk}"])


class CostsForm(forms.Form):
    """The quantities declared for the costs of use, and where each is read in the offer."""

    def __init__(self, *args, items, **kwargs):
        self.items = list(items)
        self.base_fields = {}
        for item in self.items:
            named = {"label": item.label, "unit": item.unit}
            self.base_fields[f"quantity-{item.pk}"] = forms.NumberField(
                label=_("%(label)s, en %(unit)s") % named, max_digits=14, decimal_places=4
            )
            self.base_fields[f"evidence-{item.pk}"] = django_forms.CharField(
                label=_("Où cela se lit : %(label)s") % named, max_length=300
            )
        super().__init__(*args, **kwargs)

    @property
    def quantities(self) -> dict:
        """Item → (quantity, where it is read)."""
        data = self.cleaned_data
        return {item: (data[f"quantity-{item.pk}"], data[f"evidence-{item.pk}"]) for item in self.items}
