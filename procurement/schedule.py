"""What beat rings, and how often. Each task is a sweep: it finds rows that a lost message left behind."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

SCHEDULE = {
    "journal-checkpoint": {"task": "journal.checkpoint", "schedule": settings.JOURNAL_CHECKPOINT_SECONDS},
    "journal-timestamp": {"task": "journal.timestamp", "schedule": settings.JOURNAL_CHECKPOINT_SECONDS},
    "accounts-delegations": {"task": "accounts.warn_of_delegations", "schedule": 3600.0},
    "documents-sweep": {"task": "documents.sweep", "schedule": 60.0},
    "notifications-drain": {"task": "notifications.drain_outbox", "schedule": 60.0},
    "notifications-digest": {"task": "notifications.gather_digests", "schedule": 300.0},
    "notifications-forget": {"task": "notifications.forget", "schedule": 24 * 3600.0},
    "tenders-forget-contributions": {"task": "tenders.forget_contributions", "schedule": 60.0},
    "operations-watch": {"task": "operations.watch", "schedule": 60.0},
}

WORDS = {
    "journal.checkpoint": _("Signer l’état du journal quand il a grandi"),
    "journal.timestamp": _("Faire horodater le dernier état signé du journal"),
    "documents.sweep": _("Reprendre les documents qu’un message perdu ou un worker arrêté a laissés en attente"),
    "notifications.drain_outbox": _("Envoyer les e-mails qui attendent"),
    "notifications.gather_digests": _("Réunir les messages de ceux qui ont choisi un résumé"),
    "notifications.forget": _("Effacer les notifications arrivées au terme de leur conservation"),
    "tenders.forget_contributions": _("Oublier les contributions à une ouverture qui n’a pas abouti"),
    "accounts.warn_of_delegations": _("Prévenir des délégations qui vont finir"),
    "operations.watch": _("Vérifier que rien n’a passé sa limite"),
}
"""What each task does, for the page of whoever runs the platform."""
