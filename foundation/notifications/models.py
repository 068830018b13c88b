"""What people are told: a line in the notification centre and an e-mail in the outbox."""

import uuid

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.notifications.enums import EmailState


class Notification(models.Model):
    """One line of one person's notification centre; `url` is a path of the platform."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("destinataire"), on_delete=models.CASCADE, related_name="+"
    )
    kind = models.CharField(_("message"), max_length=80)
    title = models.CharField(_("titre"), max_length=250)
    url = models.CharField(_("adresse"), max_length=500)
    object_type = models.CharField(_("type d’objet"), max_length=80)
    object_id = models.CharField(_("identifiant de l’objet"), max_length=64)
    created_at = models.DateTimeField(_("envoyée le"))
    read_at = models.DateTimeField(_("lue le"), null=True, blank=True)

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notifications_of_recipient"),
            models.Index(
                fields=["recipient", "-id"], condition=Q(read_at__isnull=True), name="notifications_unread"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(url__startswith="/") & ~Q(url__startswith="//"), name="notifications_url_is_ours"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_read(self) -> bool:
        """True once its recipient opened it or marked it."""
        return self.read_at is not None


class OutboxEmail(models.Model):
    """One e-mail to one person, written with what it tells about, sent later by a worker.

    The row is the truth: it waits as long as the mail server is away. Its `id` is the Message-ID, so
    that a repeat after a crash is recognised as the same message.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("destinataire"), on_delete=models.CASCADE, related_name="+"
    )
    kind = models.CharField(_("message"), max_length=80)
    context = models.JSONField(_("contenu"), encoder=DjangoJSONEncoder)
    url = models.CharField(_("adresse"), max_length=500)
    created_at = models.DateTimeField(_("écrit le"))
    state = models.CharField(_("état"), max_length=12, choices=EmailState, default=EmailState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("essais"), default=0)
    next_try_at = models.DateTimeField(_("prochain essai"), null=True, blank=True)
    sent_at = models.DateTimeField(_("remis le"), null=True, blank=True)
    abandoned_at = models.DateTimeField(_("abandonné le"), null=True, blank=True)
    last_error = models.CharField(_("dernière erreur"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("e-mail à envoyer")
        verbose_name_plural = _("e-mails à envoyer")
        ordering = ["created_at", "id"]
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=Q(state=EmailState.WAITING), name="notifications_outbox_due"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=EmailState.WAITING, next_try_at__isnull=False)
                | Q(~Q(state=EmailState.WAITING), next_try_at__isnull=True),
                name="notifications_waiting_has_next_try",
            ),
            models.CheckConstraint(
                condition=Q(state=EmailState.SENT, sent_at__isnull=False)
                | Q(~Q(state=EmailState.SENT), sent_at__isnull=True),
                name="notifications_sent_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(state=EmailState.ABANDONED, abandoned_at__isnull=False)
                | Q(~Q(state=EmailState.ABANDONED), abandoned_at__isnull=True),
                name="notifications_abandoned_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.recipient_id}"
