"""What an administration types: letter-head, clauses, the reason of a hold."""

from typing import Any

from django import forms
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _

from foundation.screens.forms import FileField, Form


class LetterheadForm(Form):
    """Head and foot of the documents. Cleaned `logo`: the file, None to keep the present one, empty to take it away."""

    name = forms.CharField(label=_("Nom imprimé en tête"), max_length=200)
    address = forms.CharField(
        label=_("Adresse, une ligne par ligne"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    footer = forms.CharField(
        label=_("Pied de page"),
        max_length=250,
        required=False,
        help_text=_("Imprimé au bas de chaque page, par exemple une adresse ou un site."),
    )
    logo = FileField(
        label=_("Logo"),
        required=False,
        accept="image/png,image/jpeg",
        help_text=_(
            "Image PNG ou JPEG, 2 Mo au plus. Elle est redessinée : rien d’autre que l’image n’est gardé."
        ),
    )
    logo_alternative = forms.CharField(
        label=_("Description du logo"),
        max_length=120,
        required=False,
        help_text=_("Lue à qui ne le voit pas."),
    )
    without_logo = forms.BooleanField(label=_("Ne plus imprimer de logo"), required=False)

    def __init__(self, *args: Any, current=None, organisation=None, **kwargs: Any) -> None:
        names = ("name", "address", "footer", "logo_alternative")
        initial = {name: getattr(current, name) for name in names} if current else {"name": organisation.name}
        super().__init__(*args, initial=initial, **kwargs)
        if not (current and current.logo):
            del self.fields["without_logo"]

    def clean(self) -> dict[str, Any]:
        """The arguments of the service."""
        data = super().clean()
        sent = data.get("logo")
        data["logo"] = ContentFile(b"") if data.pop("without_logo", False) else sent or None
        return data


class ClausesForm(Form):
    """The clauses of one kind of document, in the restricted markup."""

    text = forms.CharField(
        label=_("Clauses"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_(
            "« # Titre », « - élément de liste », **gras**, *italique*. Le HTML est imprimé tel quel."
        ),
    )

    def __init__(self, *args: Any, current=None, **kwargs: Any) -> None:
        super().__init__(*args, initial={"text": current.text} if current else None, **kwargs)


class HoldForm(Form):
    """Why a document is kept beyond its term."""

    reason = forms.CharField(
        label=_("Motif de la retenue"),
        max_length=250,
        help_text=_("Par exemple le numéro d’un recours ou d’un contrôle en cours."),
    )
