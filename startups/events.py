"""What the journal says of startups and their iterations."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "startups.incubator_create": _("a créé l'incubateur"),
    "startups.startup_create": _("a ouvert la startup"),
    "startups.startup_update": _("a modifié la fiche produit"),
    "startups.phase_change": _("a changé la phase"),
    "startups.order_link": _("a rattaché un bon de commande"),
    "startups.indicator_add": _("a ajouté un indicateur d'impact"),
    "startups.measure_record": _("a inscrit une mesure d'impact"),
    "startups.iteration_plan": _("a planifié l'itération"),
    "startups.iteration_start": _("a commencé l'itération"),
    "startups.iteration_cancel": _("a annulé l'itération"),
    "startups.iteration_demonstrate": _("a enregistré la démonstration"),
    "startups.iteration_decide": _("a signé le procès-verbal de l'itération"),
    "startups.story_add": _("a écrit un récit utilisateur"),
    "startups.story_remove": _("a retiré un récit utilisateur"),
    "startups.story_present": _("a présenté un récit utilisateur"),
    "startups.story_validate": _("a validé un récit utilisateur"),
    "startups.story_refuse": _("a refusé un récit utilisateur"),
    "startups.deliverable_deliver": _("a remis un livrable"),
}
