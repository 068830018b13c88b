"""What the journal says of a supplier's file."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "concierge.file_update": _("a mis à jour le dossier de l'entreprise"),
    "concierge.capacity_save": _("a écrit une capacité de l'entreprise"),
    "concierge.capacity_remove": _("a retiré une capacité de l'entreprise"),
    "concierge.reference_save": _("a écrit une référence de l'entreprise"),
    "concierge.reference_remove": _("a retiré une référence de l'entreprise"),
    "concierge.certificate_add": _("a ajouté une pièce au dossier de l'entreprise"),
    "concierge.certificate_remove": _("a retiré une pièce du dossier de l'entreprise"),
}
