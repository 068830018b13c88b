"""What people are told: a line in the notification centre and an e-mail in the outbox."""

import uuid

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from foundation.notifications.enums import DIGEST_PACES, BounceSource, EmailState, Pace
from foundation.notifications.guests import Guest


class OutboxEmail(models.Model):
    """One e-mail to one person or one guest, written with what it tells about, sent later by a worker.

    The row is the truth: it waits as long as the mail server is away. Its `id` is the Message-ID, so
    that a repeat after a crash is recognised as the same message, and it is made from what the message is
    about, so that the same event told twice is one row. `queued_at` is when it was really written, on the clock of
    the database: how long it waits is counted from there.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("destinataire"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    guest_email = models.EmailField(
        _("adresse sans compte"), max_length=254, blank=True, default="", db_default=""
    )
    leave_path = models.CharField(
        _("page de désinscription"), max_length=500, blank=True, default="", db_default=""
    )
    kind = models.CharField(_("message"), max_length=80)
    context = models.JSONField(_("contenu"), encoder=DjangoJSONEncoder)
    url = models.CharField(_("adresse"), max_length=500)
    created_at = models.DateTimeField(_("écrit le"))
    state = models.CharField(_("état"), max_length=12, choices=EmailState, default=EmailState.WAITING)
    queued_at = models.DateTimeField(_("mis en attente le"), db_default=Now(), editable=False)
    attempts = models.PositiveSmallIntegerField(_("essais"), default=0)
    next_try_at = models.DateTimeField(_("prochain essai"), null=True, blank=True)
    sent_at = models.DateTimeField(_("remis le"), null=True, blank=True)
    sent_to = models.EmailField(_("remis à l’adresse"), max_length=254, blank=True, default="", db_default="")
    abandoned_at = models.DateTimeField(_("abandonné le"), null=True, blank=True)
    bounced_at = models.DateTimeField(_("revenu le"), null=True, blank=True)
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
            models.CheckConstraint(
                condition=Q(recipient__isnull=False, guest_email="")
                | (Q(recipient__isnull=True) & ~Q(guest_email="")),
                name="notifications_email_has_one_reader",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.recipient_id}"

    @property
    def reader(self):
        """Whom it is written to: a person with an account, or a guest."""
        return self.recipient or Guest(self.guest_email, self.leave_path)


class Notification(models.Model):
    """One line of one person's notification centre; `url` is a path of the platform.

    `event` tells apart the events of one kind about one object: the same one told again is one line.
    `digest` is daily or weekly when the line waits for a digest, and `digest_email` is the digest it left in.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("destinataire"), on_delete=models.CASCADE, related_name="+"
    )
    kind = models.CharField(_("message"), max_length=80)
    title = models.CharField(_("titre"), max_length=250)
    url = models.CharField(_("adresse"), max_length=500)
    object_type = models.CharField(_("type d’objet"), max_length=80)
    object_id = models.CharField(_("identifiant de l’objet"), max_length=64)
    event = models.CharField(_("événement"), max_length=100, blank=True, default="", db_default="")
    created_at = models.DateTimeField(_("envoyée le"))
    read_at = models.DateTimeField(_("lue le"), null=True, blank=True)
    digest = models.CharField(_("résumé"), max_length=10, choices=Pace, blank=True, default="", db_default="")
    digest_email = models.ForeignKey(
        OutboxEmail,
        verbose_name=_("parti dans le résumé"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="lines",
    )

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notifications_of_recipient"),
            models.Index(
                fields=["recipient", "-id"], condition=Q(read_at__isnull=True), name="notifications_unread"
            ),
            models.Index(
                fields=["created_at"],
                condition=Q(digest__in=DIGEST_PACES, digest_email__isnull=True, read_at__isnull=True),
                name="notifications_for_a_digest",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(url__startswith="/") & ~Q(url__startswith="//"), name="notifications_url_is_ours"
            ),
            models.CheckConstraint(
                condition=Q(digest__in=["", *DIGEST_PACES]), name="notifications_digest_is_daily_or_weekly"
            ),
            models.UniqueConstraint(
                fields=["recipient", "kind", "object_type", "object_id", "event"],
                name="notifications_told_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_read(self) -> bool:
        """True once its recipient opened it or marked it."""
        return self.read_at is not None


class Preference(models.Model):
    """How one person wants to hear of one kind of message; without a row, as the kind says."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("personne"), on_delete=models.CASCADE, related_name="+"
    )
    kind = models.CharField(_("message"), max_length=80)
    pace = models.CharField(_("quand"), max_length=10, choices=Pace)
    chosen_at = models.DateTimeField(_("choisi le"))

    class Meta:
        verbose_name = _("préférence")
        verbose_name_plural = _("préférences")
        ordering = ["recipient", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "kind"], name="notifications_one_choice_per_kind"),
            models.CheckConstraint(
                condition=Q(pace__in=Pace.values), name="notifications_preference_pace_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} : {self.get_pace_display()}"


class RefusedAddress(models.Model):
    """An address that refuses our messages for good, until its owner proves that it receives again."""

    email = models.EmailField(_("adresse électronique"), max_length=254)
    source = models.CharField(_("appris par"), max_length=10, choices=BounceSource)
    code = models.CharField(_("code de la messagerie"), max_length=20)
    refused_at = models.DateTimeField(_("refuse depuis le"))

    class Meta:
        verbose_name = _("adresse qui refuse nos messages")
        verbose_name_plural = _("adresses qui refusent nos messages")
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="notifications_address_refused_once"),
            models.CheckConstraint(
                condition=Q(source__in=BounceSource.values), name="notifications_bounce_source_known"
            ),
        ]

    def __str__(self) -> str:
        return self.email
