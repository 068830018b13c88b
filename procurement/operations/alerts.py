"""The limits of what is measured: beyond them somebody must look, and is told what to do."""

from collections.abc import Iterable
from dataclasses import dataclass

from procurement.operations.measures import Measure

GIB = 1024**3


@dataclass(frozen=True)
class Limit:
    """Above `value` (below it when `at_least`), `advice` applies, in French."""

    value: float
    advice: str
    at_least: bool = False

    def passed_by(self, measured: float) -> bool:
        """Whether this is too much, or too little. A clock may be too slow as well as too fast."""
        return measured < self.value if self.at_least else abs(measured) > self.value


@dataclass(frozen=True)
class Alert:
    """A measure beyond its limit."""

    measure: Measure
    limit: float
    advice: str


LIMITS = {
    # Q10 of the trust file: beyond half a second somebody is called.
    "jalon_clock_drift_seconds": Limit(
        0.5, "Réglez l'horloge de cette machine ou de la base : chrony ou systemd-timesyncd est-il actif ?"
    ),
    "jalon_database_rights_too_many": Limit(
        0, "Le rôle de la base peut plus qu'il ne doit : deux rôles, puis migrez avec le propriétaire."
    ),
    "jalon_queue_messages": Limit(1000, "Ajoutez un worker, ou regardez pourquoi les tâches traînent."),
    "jalon_queue_oldest_seconds": Limit(300, "Aucun worker ne prend les tâches : est-il lancé ?"),
    "jalon_email_oldest_waiting_seconds": Limit(
        900, "Le serveur de courriel ne prend pas les messages : voyez EMAIL_URL et les lignes du worker."
    ),
    "jalon_emails_abandoned": Limit(0, "Des messages n'ont pu être remis : voyez leur dernière erreur."),
    "jalon_document_oldest_waiting_seconds": Limit(
        900, "Des documents attendent : le worker est-il lancé, le stockage accepte-t-il d'écrire ?"
    ),
    "jalon_documents_failed": Limit(
        0, "Des documents n'ont pu être produits : relancez-les depuis leur page."
    ),
    "jalon_webhook_oldest_waiting_seconds": Limit(
        3600, "Un logiciel abonné ne répond plus : voyez ses envois, prévenez son administrateur."
    ),
    "jalon_journal_oldest_outside_seconds": Limit(
        900, "Le journal n'est plus scellé : la tâche des points de contrôle tourne-t-elle ?"
    ),
    "jalon_storage_free_bytes": Limit(
        5 * GIB, "Libérez de la place ou agrandissez le disque.", at_least=True
    ),
    "jalon_task_last_success_seconds": Limit(
        26 * 3600, "Cette tâche n'a pas réussi depuis plus d'un jour : voyez les lignes du worker et de beat."
    ),
    "jalon_reachable": Limit(1, "Cette partie ne répond pas : manage.py doctor dit laquelle.", at_least=True),
}


def alerts(measures: Iterable[Measure]) -> list[Alert]:
    """The measures beyond their limits, in their order."""
    return [
        Alert(measure, limit.value, limit.advice)
        for measure in measures
        if (limit := LIMITS.get(measure.name)) and limit.passed_by(measure.value)
    ]
