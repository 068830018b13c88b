"""Forms of what changes after the publication."""

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from foundation.screens import forms
from tenders.enums import CancelGround
from tenders.forms.fields import DepartmentsField, long_text
from tenders.models import Tender
from tenders.profiles import CONSULTATION_FILE

REASON_HELP = _("Publié avec le changement, et envoyé à toutes les entreprises concernées.")


class CorrigendumForm(forms.Form):
    """What is said otherwise; what is left as it stands does not change."""

    reason = long_text(_("Motif"), REASON_HELP, rows=3, required=True)
    title = django_forms.CharField(label=_("Intitulé"), max_length=200)
    description = long_text(_("Objet de la consultation"), rows=7, required=True)
    cpv_code = django_forms.CharField(
        label=_("Code CPV"), max_length=10, validators=Tender._meta.get_field("cpv_code").validators[:1]
    )
    department_codes = DepartmentsField(label=_("Départements d'exécution"))
    added_title = django_forms.CharField(
        label=_("Intitulé de la pièce ajoutée"), max_length=200, required=False
    )
    added_file = forms.FileField(
        label=_("Pièce à ajouter"),
        required=False,
        help_text=_("Types acceptés : %(types)s.") % {"types": CONSULTATION_FILE.words},
    )
    replaced = django_forms.ModelChoiceField(
        label=_("Pièce à remplacer"), queryset=None, required=False, empty_label=_("Aucune")
    )
    replacing_file = forms.FileField(label=_("Fichier qui la remplace"), required=False)
    withdrawn = django_forms.ModelMultipleChoiceField(
        label=_("Pièces à retirer"),
        queryset=None,
        required=False,
        widget=django_forms.CheckboxSelectMultiple,
        help_text=_("Elles restent lisibles, marquées comme retirées : des entreprises les ont déjà lues."),
    )

    def __init__(self, *args, documents, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["replaced"].queryset = documents
        self.fields["withdrawn"].queryset = documents
        if not documents:
            for name in ("replaced", "replacing_file", "withdrawn"):
                del self.fields[name]

    def clean(self):
        """A file and what it replaces go together."""
        data = super().clean()
        if bool(data.get("replaced")) != bool(data.get("replacing_file")):
            self.add_error(
                "replacing_file" if data.get("replaced") else "replaced",
                _("Indiquez à la fois la pièce et le fichier qui la remplace."),
            )
        return data


class ExtensionForm(forms.Form):
    """A later deadline."""

    due_at = forms.DateTimeField(
        label=_("Nouvelle date limite"),
        help_text=_("Plus tardive que celle qui est annoncée. Heure de Paris."),
    )
    reason = long_text(_("Motif"), REASON_HELP, rows=3, required=True)


class CancelForm(forms.Form):
    """Why a consultation is given up."""

    cancel_ground = django_forms.ChoiceField(
        label=_("Cas"), choices=CancelGround.choices, widget=django_forms.RadioSelect
    )
    cancel_reason = long_text(
        _("Motif"),
        _(
            "En quelques phrases, pour des entreprises qui ont travaillé. Publié, et envoyé à celles qui ont "
            "répondu (art. R2185-2 du code de la commande publique)."
        ),
        required=True,
    )
