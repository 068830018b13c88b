"""What the journal says of a purchase project."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "needs.project_create": _("a ouvert le projet d'achat"),
    "needs.project_update": _("a modifié la présentation du projet"),
    "needs.brief_write": _("a écrit l'expression du besoin"),
    "needs.member_add": _("a ajouté une personne à l'équipe"),
    "needs.member_remove": _("a retiré une personne de l'équipe"),
    "needs.strategy_line_add": _("a ajouté une ligne de stratégie"),
    "needs.strategy_line_update": _("a modifié une ligne de stratégie"),
    "needs.strategy_line_remove": _("a retiré une ligne de stratégie"),
    "needs.project_make_ready": _("a déclaré le projet prêt"),
    "needs.project_take_back": _("a repris la préparation du projet"),
    "needs.project_close": _("a clos le projet"),
}
