"""The acts of this app that the journal records, and how history tells them."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "accounts.create_organisation": _("a créé l’organisation"),
    "accounts.register_supplier": _("a inscrit l’entreprise"),
    "accounts.add_membership": _("a donné un rôle"),
    "accounts.remove_membership": _("a retiré un rôle"),
    "accounts.rename_user": _("a changé son nom"),
    "accounts.create_user": _("a créé le compte"),
    "accounts.activate_user": _("a rouvert le compte"),
    "accounts.deactivate_user": _("a fermé le compte"),
}
