"""The form of a notice: what is bought, how, for how much, where and until when."""

from collections.abc import Iterable

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from foundation.screens import forms
from tenders import legal
from tenders.enums import DelayGround, Technique
from tenders.forms.fields import DepartmentsField, long_text
from tenders.models import Tender

MOST_MEBIBYTES = 10_240


class IdentityForm(forms.Form):
    """What is bought, how, for how long, and until when firms may answer."""

    title = django_forms.CharField(
        label=_("Intitulé"),
        max_length=200,
        help_text=_("Ce que l'on achète, en une ligne, avec les mots que chercherait une entreprise."),
    )
    description = long_text(
        _("Objet de la consultation"),
        _(
            "Le problème à résoudre, pour qui, et ce qui est attendu. C'est la première chose qu'une "
            "entreprise lit."
        ),
        rows=7,
        required=True,
    )
    procedure = django_forms.ChoiceField(
        label=_("Procédure"),
        choices=[(rule.procedure, rule.procedure.label) for rule in legal.PROCEDURES.values()],
        help_text=_(
            "L'appel d'offres ouvert est la règle au-dessus des seuils ; en dessous, la procédure "
            "adaptée suffit."
        ),
    )
    procedure_justification = long_text(
        _("Cas qui permet cette procédure"),
        _(
            "À remplir pour une procédure avec négociation, un dialogue compétitif ou un partenariat "
            "d'innovation : lequel des cas de l'article R2124-3 est le vôtre, et pourquoi."
        ),
        rows=2,
    )
    technique = django_forms.ChoiceField(
        label=_("Technique d'achat"),
        choices=[(rule.technique, rule.technique.label) for rule in legal.TECHNIQUES.values()],
        initial=Technique.CONTRACT,
        help_text=_(
            "Un accord-cadre permet de commander au fil des besoins, dans la limite d'un maximum annoncé."
        ),
    )
    max_candidates = django_forms.IntegerField(
        label=_("Nombre de candidats admis à remettre une offre"),
        required=False,
        min_value=1,
        max_value=200,
        help_text=_("Si la procédure choisit d'abord des candidats. Vide : tous ceux qui conviennent."),
    )
    may_award_first_offers = django_forms.BooleanField(
        label=_("Je me réserve d'attribuer sur la base des premières offres, sans négocier"),
        required=False,
        help_text=_("Permis seulement si l'avis l'annonce (art. R2161-17 du code de la commande publique)."),
    )
    estimated_value_excl_tax = forms.EuroField(
        label=_("Valeur estimée (€ HT)"),
        required=False,
        help_text=_(
            "Toute la durée et tous les lots compris. Elle fixe la procédure (art. R2121-1 du code "
            "de la commande publique)."
        ),
    )
    maximum_value_excl_tax = forms.EuroField(
        label=_("Montant maximum de l'accord-cadre (€ HT)"),
        required=False,
        help_text=_("Obligatoire pour un accord-cadre (art. R2162-4 du code de la commande publique)."),
    )
    duration_months = django_forms.IntegerField(
        label=_("Durée (en mois)"),
        required=False,
        min_value=1,
        max_value=240,
        help_text=_("Reconductions comprises."),
    )
    duration_justification = long_text(
        _("Justification d'une durée de plus de quatre ans"),
        _("À remplir seulement au-delà de 48 mois (art. L2125-1 du code de la commande publique)."),
        rows=2,
    )
    submission_due_at = forms.DateTimeField(
        label=_("Date et heure limites de réception"),
        required=False,
        help_text=_("Heure de Paris. Un pli qui arrive à cette heure exacte est hors délai."),
    )
    questions_due_at = forms.DateTimeField(
        label=_("Questions reçues jusqu'au"),
        required=False,
        help_text=_(
            "Vide : deux jours avant la date à laquelle vos réponses doivent partir, soit huit jours avant la "
            "limite en procédure formalisée (art. R2132-6 du code de la commande publique)."
        ),
    )
    file_limit_mib = django_forms.IntegerField(
        label=_("Taille maximale d'un fichier, en Mio"),
        min_value=1,
        max_value=MOST_MEBIBYTES,
        required=False,
        help_text=_("200 si vous n'écrivez rien. Annoncée aux entreprises."),
    )
    bid_limit_mib = django_forms.IntegerField(
        label=_("Taille maximale d'un pli, en Mio"),
        min_value=1,
        max_value=MOST_MEBIBYTES,
        required=False,
        help_text=_("Tous ses fichiers ensemble. 1 024 si vous n'écrivez rien."),
    )
    delay_ground = django_forms.ChoiceField(
        label=_("Fondement du délai"),
        choices=DelayGround.choices,
        initial=DelayGround.ORDINARY,
        required=False,
    )
    delay_justification = long_text(
        _("Justification du délai réduit"),
        _("L'urgence et sa cause, ou la référence de l'avis de préinformation."),
        rows=2,
    )
    cpv_code = django_forms.RegexField(
        r"^\d{8}(-\d)?$",
        label=_("Code CPV"),
        required=False,
        help_text=_("Huit chiffres. Exemple : 72262000, développement de logiciels."),
        error_messages={"invalid": _("Un code CPV a huit chiffres, par exemple 72262000.")},
    )
    department_codes = DepartmentsField(
        label=_("Départements d'exécution"),
        required=False,
        help_text=_("Numéros séparés par des virgules : 75, 92, 2A. Vide si le lieu est indifférent."),
    )

    _parts = (
        (_("Ce que l'on achète"), ("title", "description", "cpv_code", "department_codes")),
        (
            _("Procédure et technique"),
            (
                "procedure",
                "procedure_justification",
                "technique",
                "max_candidates",
                "may_award_first_offers",
            ),
        ),
        (
            _("Montants et durée"),
            (
                "estimated_value_excl_tax",
                "maximum_value_excl_tax",
                "duration_months",
                "duration_justification",
            ),
        ),
        (
            _("Délai de réponse"),
            ("submission_due_at", "questions_due_at", "delay_ground", "delay_justification"),
        ),
        (_("Taille des plis"), ("file_limit_mib", "bid_limit_mib")),
    )

    def clean_delay_ground(self) -> str:
        """The ordinary delay when nothing else is said."""
        return self.cleaned_data["delay_ground"] or DelayGround.ORDINARY

    def clean_file_limit_mib(self) -> int:
        """The usual limit when nothing is written."""
        return self.cleaned_data["file_limit_mib"] or Tender._meta.get_field("file_limit_mib").default

    def clean_bid_limit_mib(self) -> int:
        """The usual limit when nothing is written."""
        return self.cleaned_data["bid_limit_mib"] or Tender._meta.get_field("bid_limit_mib").default

    def parts(self) -> Iterable[tuple]:
        """The fields under the headings of the page."""
        for heading, names in self._parts:
            yield heading, [self[name] for name in names]

    @property
    def typed(self) -> dict:
        """The fields that were understood, for a check before anything is saved."""
        self.is_valid()
        return getattr(self, "cleaned_data", {})
