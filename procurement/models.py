"""What the project itself keeps: how the scheduled tasks went."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TaskRun(models.Model):
    """The last run of one scheduled task; one row per name, written over at each run.

    `error` is only the name of an error. `ended_at` earlier than `started_at` says that a run is under way, or that
    its worker died.
    """

    name = models.CharField(_("tâche"), max_length=80, primary_key=True)
    started_at = models.DateTimeField(_("commencée le"))
    ended_at = models.DateTimeField(_("terminée le"), null=True, blank=True)
    succeeded_at = models.DateTimeField(_("réussie le"), null=True, blank=True)
    duration_ms = models.PositiveIntegerField(_("durée en millisecondes"), null=True, blank=True)
    error = models.CharField(_("erreur"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("passage d’une tâche planifiée")
        verbose_name_plural = _("passages des tâches planifiées")

    def __str__(self) -> str:
        return self.name
