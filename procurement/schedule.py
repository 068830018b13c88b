"""What beat rings, and how often. Each task is a sweep: it finds rows that a lost message left behind."""

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from procurement.settings.journal import JOURNAL_CHECKPOINT_SECONDS

SCHEDULE = {
    "journal-checkpoint": {"task": "journal.checkpoint", "schedule": JOURNAL_CHECKPOINT_SECONDS},
    "journal-timestamp": {"task": "journal.timestamp", "schedule": JOURNAL_CHECKPOINT_SECONDS},
    "accounts-invitations": {"task": "accounts.expire_invitations", "schedule": 3600.0},
    "accounts-registrations": {
        "task": "accounts.forget_registrations",
        "schedule": crontab(hour="3", minute="20"),
    },
    "accounts-delegations": {"task": "accounts.warn_of_delegations", "schedule": 3600.0},
    "api-sweep": {"task": "api.sweep", "schedule": 3600.0},
    "api-warn-of-tokens": {"task": "api.warn_of_tokens", "schedule": 3600.0},
    "accounts-approvals": {"task": "accounts.lapse_approvals", "schedule": 3600.0},
    "accounts-approvals-take-effect": {"task": "accounts.approvals_take_effect", "schedule": 300.0},
    "accounts-failures": {"task": "accounts.forget_failures", "schedule": 3600.0},
    "documents-sweep": {"task": "documents.sweep", "schedule": 60.0},
    "documents-purge": {"task": "documents.purge", "schedule": crontab(hour="3", minute="10")},
    "notifications-drain": {"task": "notifications.drain_outbox", "schedule": 60.0},
    "notifications-digest": {"task": "notifications.gather_digests", "schedule": 300.0},
    "webhooks-deliver": {"task": "webhooks.deliver_due", "schedule": 30.0},
    "webhooks-forget": {"task": "webhooks.forget", "schedule": 24 * 3600.0},
    "notifications-forget": {"task": "notifications.forget", "schedule": 24 * 3600.0},
    "tenders-forget-contributions": {"task": "tenders.forget_contributions", "schedule": 60.0},
    "tenders-close-rounds": {"task": "tenders.close_rounds", "schedule": 30.0},
    "tenders-inspect-files": {"task": "tenders.inspect_files", "schedule": 300.0},
    "tenders-purge-uploads": {"task": "tenders.purge_uploads", "schedule": 3600.0},
    "concierge-remind": {"task": "concierge.remind_of_certificates", "schedule": 3600.0},
    "tenders-tell-searches": {"task": "tenders.tell_searches", "schedule": 60.0},
    "tenders-forget-practice": {"task": "tenders.forget_practice", "schedule": 24 * 3600.0},
    "tenders-forget-addresses": {"task": "tenders.forget_addresses", "schedule": 24 * 3600.0},
    "operations-watch": {"task": "operations.watch", "schedule": 60.0},
}

WORDS = {
    "journal.checkpoint": _("Signer l’état du journal quand il a grandi"),
    "journal.timestamp": _("Faire horodater le dernier état signé du journal"),
    "documents.sweep": _(
        "Reprendre les documents qu’un message perdu ou un worker arrêté a laissés en attente"
    ),
    "documents.purge": _("Éliminer le contenu des documents dont la durée de conservation est échue"),
    "notifications.drain_outbox": _("Envoyer les e-mails qui attendent"),
    "notifications.gather_digests": _("Réunir les messages de ceux qui ont choisi un résumé"),
    "notifications.forget": _("Effacer les notifications arrivées au terme de leur conservation"),
    "tenders.forget_contributions": _("Oublier les contributions à une ouverture qui n’a pas abouti"),
    "tenders.close_rounds": _("Clore au journal la réception des plis dont la date limite vient de passer"),
    "tenders.inspect_files": _("Vérifier entièrement les fichiers des plis ouverts"),
    "tenders.tell_searches": _(
        "Prévenir des consultations nouvelles qui répondent aux recherches enregistrées"
    ),
    "tenders.forget_practice": _("Effacer les dépôts simulés de plus d’un mois"),
    "tenders.forget_addresses": _("Effacer les adresses que personne n’a confirmées"),
    "tenders.purge_uploads": _("Jeter les envois de plis commencés et abandonnés"),
    "api.sweep": _("Effacer les réponses gardées plus d’un jour pour les demandes répétées de l’API"),
    "api.warn_of_tokens": _("Prévenir des jetons d’accès qui vont finir"),
    "accounts.lapse_approvals": _("Rendre caduques les demandes que personne n’a confirmées à temps"),
    "accounts.approvals_take_effect": _(
        "Mettre en vigueur les rôles confirmés de l’extérieur que personne n’a arrêtés"
    ),
    "accounts.forget_failures": _("Oublier les échecs de connexion qui ne suspendent plus rien"),
    "accounts.warn_of_delegations": _("Prévenir des délégations qui vont finir"),
    "accounts.expire_invitations": _("Clore les invitations que personne n’a acceptées à temps"),
    "accounts.forget_registrations": _("Effacer les inscriptions dont l’adresse n’a jamais été confirmée"),
    "webhooks.deliver_due": _("Envoyer aux logiciels abonnés les messages dont l’heure est venue"),
    "webhooks.forget": _("Effacer les envois arrivés au terme de leur conservation"),
    "concierge.remind_of_certificates": _("Prévenir les entreprises des pièces qui arrivent à leur terme"),
    "operations.watch": _("Vérifier que rien n’a passé sa limite"),
}
"""What each task does, for the page of whoever runs the platform."""
