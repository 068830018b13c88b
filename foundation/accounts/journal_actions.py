"""The acts of this app that the journal records, and how history tells them."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "accounts.create_organisation": _("a créé l’organisation"),
    "accounts.register_supplier": _("a inscrit l’entreprise"),
    "accounts.add_membership": _("a donné un rôle"),
    "accounts.remove_membership": _("a retiré un rôle"),
    "accounts.give_delegation": _("a délégué un rôle"),
    "accounts.revoke_delegation": _("a mis fin à une délégation"),
    "accounts.rename_user": _("a changé son nom"),
    "accounts.create_user": _("a créé le compte"),
    "accounts.activate_user": _("a rouvert le compte"),
    "accounts.deactivate_user": _("a fermé le compte"),
    "accounts.second_factor_add": _("a activé son second facteur"),
    "accounts.second_factor_remove": _("a retiré son second facteur"),
    "accounts.second_factor_renew_codes": _("a refait ses codes de secours"),
    "accounts.lock_out": _("a suspendu la connexion après des mots de passe faux"),
    "accounts.ask_approval": _("a demandé une confirmation"),
    "accounts.confirm_approval": _("a confirmé la demande"),
    "accounts.refuse_approval": _("a refusé la demande"),
    "accounts.lapse_approval": _("a laissé la demande devenir caduque"),
    "accounts.link_proconnect": _("a lié son compte à ProConnect"),
}
