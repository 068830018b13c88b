"""Forms of the purchase project: they ask in plain words, the services decide."""

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import Organisation
from foundation.screens import forms
from needs.enums import InvestmentForm, ProjectState, ServicePhase, TeamRole


def _text(label, help_text="", *, rows=4) -> django_forms.CharField:
    return django_forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        widget=django_forms.Textarea(attrs={"rows": rows}),
    )


class ProjectSearchForm(forms.Form):
    """Words and state, above the list."""

    q = django_forms.CharField(
        label=_("Rechercher"), required=False, help_text=_("Intitulé, référence, politique")
    )
    state = django_forms.ChoiceField(
        label=_("État"), required=False, choices=[("", _("Tous les états")), *ProjectState.choices]
    )


class ProjectForm(forms.Form):
    """The presentation of a project."""

    title = django_forms.CharField(
        label=_("Intitulé"),
        max_length=200,
        help_text=_("Ce que l'on cherche à obtenir, en une ligne. Exemple : « Trouver un logement adapté »."),
    )
    policy_field = django_forms.CharField(
        label=_("Politique publique"),
        max_length=120,
        required=False,
        help_text=_("Exemple : logement, emploi, santé."),
    )
    origin = _text(_("Origine du projet"), _("Qui a demandé, à quelle occasion, avec quelle promesse."))
    current_investments = _text(
        _("Investissements en cours"),
        _("Ce que la collectivité finance déjà sur ce sujet : marchés, subventions, postes."),
    )
    planned_investments = _text(
        _("Investissements prévus"), _("Ce qui est déjà inscrit ou promis pour la suite.")
    )
    inspiring_projects = _text(
        _("Projets inspirants"),
        _("Ce qui a marché ailleurs : un service, une ville, une entreprise, et pourquoi."),
    )


class NewProjectForm(ProjectForm):
    """The presentation, and the organisation when there is a choice."""

    field_order = ["organisation", "title"]
    organisation = django_forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none(), empty_label=None
    )

    def __init__(self, *args, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations


class BriefForm(forms.Form):
    """The need, one question at a time; everything may stay empty for now."""

    problem = _text(
        _("Quel problème faut-il résoudre ?"),
        _(
            "Ce qui ne va pas aujourd'hui, pour qui, et ce que cela coûte. Pas encore la solution. Exemple : "
            "« un tiers des demandeurs abandonne à la pièce 7, qu'ils ont déjà donnée ailleurs »."
        ),
        rows=6,
    )
    users = _text(
        _("Pour quels usagers ?"),
        _("Qui ils sont, combien, ce qu'ils vous ont dit quand vous les avez rencontrés."),
    )
    existing = _text(
        _("Qu'est-ce qui existe aujourd'hui ?"),
        _("L'outil, le papier ou le tableur qui rend déjà ce service, même mal."),
    )
    constraints = _text(
        _("Quelles contraintes ?"),
        _("Dates imposées, sécurité, systèmes à relier, accessibilité, données personnelles."),
    )
    budget_min_excl_tax = forms.EuroField(
        label=_("Budget minimal (€ HT)"),
        required=False,
        help_text=_("Exemple : 150 000. Une fourchette suffit."),
    )
    budget_max_excl_tax = forms.EuroField(label=_("Budget maximal (€ HT)"), required=False)
    phase = django_forms.ChoiceField(
        label=_("Où en est le service ?"),
        choices=ServicePhase.choices,
        help_text=_(
            "Investigation : on cherche le bon problème. Construction : on bâtit une première version. "
            "Consolidation : on élargit. Passation : on transmet."
        ),
    )
    market_dialogue = _text(
        _("Avec qui en avez-vous déjà parlé ?"),
        _(
            "Entreprises ou réseaux rencontrés avant d'écrire, et ce que cela a changé. "
            "« Personne » est une réponse."
        ),
    )


class MemberForm(forms.Form):
    """Somebody to bring into the team."""

    email = django_forms.EmailField(
        label=_("Adresse électronique"), help_text=_("Celle de son compte. La personne est prévenue.")
    )
    role = django_forms.ChoiceField(label=_("Rôle dans l'équipe"), choices=TeamRole.choices)


class StrategyLineForm(forms.Form):
    """One form of public investment."""

    form = django_forms.ChoiceField(
        label=_("Forme d'investissement"),
        choices=InvestmentForm.choices,
        help_text=_("Une stratégie peut en combiner plusieurs, une par ligne."),
    )
    title = django_forms.CharField(label=_("Intitulé"), max_length=200)
    start_date = forms.DateField(label=_("Début"), required=False)
    end_date = forms.DateField(label=_("Fin"), required=False)
    budget_excl_tax = forms.EuroField(label=_("Budget (€ HT)"), required=False)
    actors = _text(_("Acteurs"), _("Qui décide, qui paie, qui fait, avec qui."), rows=2)
    impacts = _text(_("Impacts recherchés"), _("Ce qui aura changé pour les usagers."), rows=2)
    indicators = _text(
        _("Indicateurs"), _("Comment on le saura. Exemple : taux d'abandon, aujourd'hui 33 %."), rows=2
    )


class ClosingForm(forms.Form):
    """Why the project is closed."""

    reason = django_forms.CharField(
        label=_("Motif"),
        help_text=_("Il reste lisible sur la page du projet."),
        widget=django_forms.Textarea(attrs={"rows": 3}),
    )
