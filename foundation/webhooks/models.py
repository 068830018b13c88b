"""Endpoints of organisations, their secrets, and what was sent to them."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import Organisation, User
from foundation.webhooks.enums import DeliveryState, EndpointState


class Endpoint(models.Model):
    """An address of an organisation's system that is told of events.

    `failing_since_at` is the first failure after the last success; `stop_reason` says in words why the
    platform stopped sending.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="+"
    )
    url = models.CharField(_("adresse"), max_length=500)
    description = models.CharField(_("à quoi elle sert"), max_length=200, blank=True)
    event_codes = ArrayField(models.CharField(max_length=60), verbose_name=_("événements"))
    state = models.CharField(_("état"), max_length=10, choices=EndpointState, default=EndpointState.ACTIVE)
    created_by = models.ForeignKey(
        User, verbose_name=_("ajoutée par"), on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("ajoutée le"))
    updated_at = models.DateTimeField(_("modifiée le"))
    failing_since_at = models.DateTimeField(_("ne répond plus depuis le"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("dernier envoi reçu le"), null=True, blank=True)
    stopped_at = models.DateTimeField(_("arrêtée le"), null=True, blank=True)
    stop_reason = models.CharField(_("raison de l’arrêt"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("adresse d’envoi")
        verbose_name_plural = _("adresses d’envoi")
        ordering = ["created_at", "id"]
        indexes = [
            models.Index(
                fields=["organisation"],
                condition=Q(state=EndpointState.ACTIVE),
                name="webhooks_endpoint_active",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=EndpointState.values), name="webhooks_endpoint_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=EndpointState.STOPPED, stopped_at__isnull=False)
                | Q(~Q(state=EndpointState.STOPPED), stopped_at__isnull=True),
                name="webhooks_endpoint_stopped_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(url__startswith="https://") | Q(url__startswith="http://"),
                name="webhooks_endpoint_url_is_http",
            ),
            models.UniqueConstraint(fields=["organisation", "url"], name="webhooks_endpoint_once"),
        ]

    def __str__(self) -> str:
        return self.description or self.url

    def get_absolute_url(self) -> str:
        """The page of the endpoint."""
        return reverse("webhooks:detail", args=[self.pk])


class Secret(models.Model):
    """A secret that signs what is sent to an endpoint, encrypted at rest; the former lives on for a while."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="secrets")
    ciphertext = models.TextField(_("secret chiffré"))
    created_at = models.DateTimeField(_("fait le"))
    expires_at = models.DateTimeField(_("ne signe plus après le"), null=True, blank=True)

    class Meta:
        verbose_name = _("secret")
        verbose_name_plural = _("secrets")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint"],
                condition=Q(expires_at__isnull=True),
                name="webhooks_one_current_secret",
            )
        ]

    def __str__(self) -> str:
        return f"{self.endpoint_id}"


class Delivery(models.Model):
    """One message for one endpoint. Its `id` is the `webhook-id`: the same at each try and each replay.

    `body` is the very text that is signed. `event_key` names the event: told twice, it is one row. `claim` is
    the worker that sends it now. `queued_at` is when it was really written or sent again, on the clock of the
    database: how long it waits is counted from there.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    event_code = models.CharField(_("événement"), max_length=60)
    event_key = models.CharField(_("clé de l’événement"), max_length=120)
    body = models.TextField(_("message"))
    created_at = models.DateTimeField(_("écrit le"))
    state = models.CharField(_("état"), max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    queued_at = models.DateTimeField(_("mis en attente le"), db_default=Now(), editable=False)
    attempt_count = models.PositiveSmallIntegerField(_("essais"), default=0)
    next_try_at = models.DateTimeField(_("prochain essai"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("reçu le"), null=True, blank=True)
    failed_at = models.DateTimeField(_("abandonné le"), null=True, blank=True)
    claim = models.UUIDField(_("envoi en cours"), null=True, blank=True)

    class Meta:
        verbose_name = _("envoi")
        verbose_name_plural = _("envois")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=Q(state=DeliveryState.WAITING), name="webhooks_delivery_due"
            ),
            models.Index(fields=["endpoint", "-created_at", "-id"], name="webhooks_delivery_log"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint", "event_code", "event_key"], name="webhooks_event_told_once"
            ),
            models.CheckConstraint(
                condition=Q(state=DeliveryState.WAITING, next_try_at__isnull=False)
                | Q(~Q(state=DeliveryState.WAITING), next_try_at__isnull=True),
                name="webhooks_waiting_has_next_try",
            ),
            models.CheckConstraint(
                condition=Q(state=DeliveryState.DELIVERED, delivered_at__isnull=False)
                | ~Q(state=DeliveryState.DELIVERED),
                name="webhooks_delivered_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(state=DeliveryState.FAILED, failed_at__isnull=False)
                | ~Q(state=DeliveryState.FAILED),
                name="webhooks_failed_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_code} → {self.endpoint_id}"

    def get_absolute_url(self) -> str:
        """The page of the delivery."""
        return reverse("webhooks:delivery", args=[self.pk])


class Attempt(models.Model):
    """One try: what the other system answered, how long it took, or why nothing left."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts")
    tried_at = models.DateTimeField(_("essayé le"))
    status = models.PositiveSmallIntegerField(_("réponse"), null=True, blank=True)
    latency_ms = models.PositiveIntegerField(_("durée (ms)"))
    excerpt = models.CharField(_("début de la réponse"), max_length=500, blank=True)
    error = models.CharField(_("erreur"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("essai")
        verbose_name_plural = _("essais")
        ordering = ["-tried_at", "-id"]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.status or self.error}"
