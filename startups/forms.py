"""Forms of startups and their delivery: they ask in plain words, the services decide."""

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from foundation.accounts.enums import Role
from foundation.accounts.models import Organisation, User
from foundation.screens import forms
from framework_agreements.models import OrderLine, PurchaseOrder
from startups.enums import Decision, ImpactFilter, Phase
from startups.models import Incubator


def _text(label, help_text="", *, rows=3, required=False) -> django_forms.CharField:
    return django_forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        widget=django_forms.Textarea(attrs={"rows": rows}),
    )


class StartupSearchForm(forms.Form):
    """Words, phase, incubator and impact, above the public list."""

    q = django_forms.CharField(
        label=_("Rechercher"), required=False, help_text=_("Nom, problème, usagers, administration")
    )
    phase = django_forms.ChoiceField(
        label=_("Phase"), required=False, choices=[("", _("Toutes les phases")), *Phase.choices]
    )
    incubator = django_forms.ModelChoiceField(
        label=_("Incubateur"),
        required=False,
        queryset=Incubator.objects.all(),
        empty_label=_("Tous les incubateurs"),
    )
    impact = django_forms.ChoiceField(
        label=_("Impact"), required=False, choices=[("", _("Tous")), *ImpactFilter.choices]
    )


class SheetForm(forms.Form):
    """The product sheet (CCTP §4.2.4)."""

    problem = _text(
        _("Le problème à résoudre"),
        _("Un problème précis rencontré par des usagers. Exemple : « à quelles aides ai-je droit ? »"),
        required=True,
    )
    users = _text(_("Les usagers visés"))
    solution = _text(_("La nature du produit"), _("Ce que l'on construit, en deux phrases."))
    success_conditions = _text(
        _("Les conditions de succès"), _("Ce qui doit être vrai pour que cela marche.")
    )
    target_impacts = _text(_("Les impacts visés"), _("Ce qui aura changé, et comment on le mesurera."))
    website = django_forms.URLField(
        label=_("Site du service"), required=False, assume_scheme="https", help_text=_("Quand il est ouvert.")
    )


class NewStartupForm(SheetForm):
    """A startup in investigation."""

    field_order = ["name", "organisation", "incubator", "product_owner", "started_date", "origin", "problem"]
    name = django_forms.CharField(label=_("Nom"), max_length=120)
    organisation = django_forms.ModelChoiceField(
        label=_("Administration"), queryset=Organisation.objects.none(), empty_label=None
    )
    incubator = django_forms.ModelChoiceField(label=_("Incubateur"), queryset=Incubator.objects.all())
    product_owner = django_forms.ModelChoiceField(
        label=_("Responsable de produit"),
        queryset=User.objects.none(),
        help_text=_("Une personne de l'administration : c'est elle qui valide les récits et signe les PV."),
    )
    started_date = forms.DateField(label=_("Début de l'investigation"))
    origin = _text(_("Qui l'a décidée, et pourquoi ?"), required=True)

    def __init__(self, *args, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations
        self.fields["product_owner"].queryset = User.objects.filter(
            is_active=True,
            pk__in=User.objects.filter(
                memberships__organisation__in=organisations, memberships__role=Role.PRODUCT_OWNER
            ).values("pk"),
        )


class IncubatorForm(forms.Form):
    """A new incubator."""

    name = django_forms.CharField(label=_("Nom"), max_length=150)
    organisation = django_forms.ModelChoiceField(
        label=_("Administration"), queryset=Organisation.objects.none(), empty_label=None
    )
    description = _text(_("Présentation"))

    def __init__(self, *args, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations


class PhaseForm(forms.Form):
    """A decision of the engagement committee."""

    transition = django_forms.ChoiceField(label=_("Décision du comité d'engagement"))
    on_date = forms.DateField(label=_("Date de la décision"))
    reason = _text(_("Ce qui a décidé le comité"), _("Le motif est public."), required=True)

    def __init__(self, *args, transitions, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["transition"].choices = [(row.name, row.label) for row in transitions]


class OrderLinkForm(forms.Form):
    """An order that pays the startup."""

    order = django_forms.ModelChoiceField(
        label=_("Bon de commande"),
        queryset=PurchaseOrder.objects.none(),
        help_text=_("Seuls les bons émis pour l'administration de la startup sont proposés."),
    )

    def __init__(self, *args, orders, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["order"].queryset = orders
        self.fields["order"].label_from_instance = order_label


class IterationForm(forms.Form):
    """An iteration of three weeks at most."""

    order = django_forms.ModelChoiceField(
        label=_("Bon de commande qui la paie"), queryset=PurchaseOrder.objects.none(), empty_label=None
    )
    goal = _text(_("Objectif"), _("Ce que la démonstration montrera, en une phrase."), required=True)
    start_date = forms.DateField(label=_("Début"))
    end_date = forms.DateField(
        label=_("Fin"), help_text=_("Trois semaines au plus, soit 21 jours, premier et dernier compris.")
    )

    def __init__(self, *args, orders, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["order"].queryset = orders
        self.fields["order"].label_from_instance = order_label


class StoryForm(forms.Form):
    """A user story."""

    persona = django_forms.CharField(
        label=_("En tant que"),
        max_length=120,
        help_text=_("Exemple : gestionnaire d'un lieu ouvert au public"),
    )
    want = django_forms.CharField(
        label=_("je veux"), max_length=250, help_text=_("Exemple : décrire l'entrée de mon établissement")
    )
    benefit = django_forms.CharField(
        label=_("afin de"),
        max_length=250,
        help_text=_("Exemple : dire à l'avance si l'on peut entrer en fauteuil"),
    )
    criteria = _text(
        _("Critères d'acceptation"), _("Ce que la démonstration devra montrer, un par ligne."), required=True
    )
    days = forms.NumberField(
        label=_("Jours-homme"),
        max_digits=6,
        help_text=_("Exemple : 2,5"),
    )
    order_line = django_forms.ModelChoiceField(
        label=_("Ligne de commande qui le paie"), queryset=OrderLine.objects.none(), empty_label=None
    )

    def __init__(self, *args, lines, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["order_line"].queryset = lines
        self.fields["order_line"].label_from_instance = line_label


class DemonstrationForm(forms.Form):
    """The demonstration and its minutes."""

    attendees = django_forms.CharField(label=_("Personnes présentes"), max_length=300, required=False)
    minutes = _text(
        _("Compte rendu"), _("Ce qui a été montré, à qui, ce qui a été dit."), rows=6, required=True
    )


class ReasonForm(forms.Form):
    """A reason that stays readable."""

    reason = _text(_("Motif"), _("Il reste lisible par l'équipe."), required=True)


class DeliverableForm(forms.Form):
    """Where a deliverable is."""

    location = django_forms.CharField(
        label=_("Où le trouver"), max_length=300, help_text=_("Adresse du dépôt, de la page ou du dossier.")
    )


class DecisionForm(forms.Form):
    """The decision of the product owner, signed."""

    decision = django_forms.ChoiceField(
        label=_("Décision"),
        choices=Decision.choices,
        widget=django_forms.RadioSelect,
        initial=Decision.ACCEPTED,
    )
    reason = _text(_("Motif"), _("Nécessaire pour un ajournement, une réfaction ou un rejet."))
    reduction_percent = forms.NumberField(
        label=_("Taux de réfaction (%)"),
        required=False,
        max_digits=5,
        help_text=_("Pour une réfaction seulement : la part des jours qui n'est pas payée."),
    )
    signature = django_forms.BooleanField(
        label=_("Je signe le procès-verbal en tant que responsable de produit"), required=False
    )


class IndicatorForm(forms.Form):
    """Something to count."""

    name = django_forms.CharField(label=_("Indicateur"), max_length=200)
    unit = django_forms.CharField(
        label=_("Unité"), max_length=60, help_text=_("Exemple : personnes, dossiers, %")
    )


class MeasureForm(forms.Form):
    """A measure of an indicator."""

    value = forms.NumberField(
        label=_("Valeur"),
        min_value=None,
    )
    measured_date = forms.DateField(label=_("Date de la mesure"))
    source = django_forms.CharField(
        label=_("Source"), max_length=250, help_text=_("Qui le dit, où le vérifier.")
    )


def order_label(order) -> str:
    """An order as a list of choices names it."""
    return f"{order.agreement.reference} · n° {order.number} · {order.title}"


def line_label(line) -> str:
    """An order line as a list of choices names it."""
    return f"{line.work_unit.code} · {line.work_unit.title}"
