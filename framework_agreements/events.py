"""What the journal says of agreements and orders."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "framework_agreements.agreement_create": _("a enregistré l’accord-cadre"),
    "framework_agreements.agreement_create_from_award": _("a repris l’attribution dans un accord-cadre"),
    "framework_agreements.agreement_follow_awards": _("a repris les titulaires des attributions en vigueur"),
    "framework_agreements.agreement_update": _("a modifié l’accord-cadre"),
    "framework_agreements.lot_add": _("a ajouté un lot"),
    "framework_agreements.holder_add": _("a ajouté un titulaire"),
    "framework_agreements.beneficiary_add": _("a ajouté un bénéficiaire"),
    "framework_agreements.catalogue_load": _("a chargé un catalogue d’unités d’œuvre"),
    "framework_agreements.prices_set": _("a saisi le bordereau de prix d’un titulaire"),
    "framework_agreements.agreement_activate": _("a activé l’accord-cadre"),
    "framework_agreements.agreement_renew": _("a constaté la reconduction de l’accord-cadre"),
    "framework_agreements.agreement_end": _("a mis fin à l’accord-cadre"),
    "framework_agreements.order_create": _("a préparé le bon de commande"),
    "framework_agreements.order_update": _("a modifié le bon de commande"),
    "framework_agreements.order_issue": _("a émis le bon de commande"),
    "framework_agreements.order_cancel": _("a abandonné le brouillon"),
    "framework_agreements.order_acknowledge": _("a accusé réception du bon de commande"),
    "framework_agreements.order_complete": _("a soldé le bon de commande"),
    "framework_agreements.progress_record": _("a inscrit des jours réalisés"),
}
