"""A document is the facts it was made from; its PDF is only their printed form."""

import uuid

import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.documents import registry
from foundation.documents.enums import DocumentState

FROZEN = ["kind", "number", "title", "object_type", "object_id", "facts", "created_at", "created_by"]


class Series(models.Model):
    """A gapless series of numbers: one row per prefix and year, locked by whoever takes the next number."""

    prefix = models.CharField(_("préfixe"), max_length=20)
    year = models.PositiveSmallIntegerField(_("année"))
    last_number = models.PositiveIntegerField(_("dernier numéro"), default=0)

    class Meta:
        verbose_name = _("série de numéros")
        verbose_name_plural = _("séries de numéros")
        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="documents_series_once")]

    def __str__(self):
        return f"{self.prefix}-{self.year}"


class Document(models.Model):
    """A document of the platform: facts frozen on creation, then a PDF made from them by a worker.

    `size` is in bytes, `sha256` in lower-case hexadecimal. `claim` names the one worker allowed to
    finish the rendering that began at `rendering_at`. `last_error` is only the name of an error, so
    that no fact and no secret leaks through it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("nature"), max_length=80)
    number = models.CharField(_("numéro"), max_length=40, blank=True)
    title = models.CharField(_("titre"), max_length=250)
    object_type = models.CharField(_("type d’objet"), max_length=80)
    object_id = models.CharField(_("identifiant de l’objet"), max_length=64)
    facts = models.JSONField(_("faits"), encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(_("demandé le"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("demandé par"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    state = models.CharField(_("état"), max_length=12, choices=DocumentState, default=DocumentState.PENDING)
    attempts = models.PositiveSmallIntegerField(_("essais"), default=0)
    next_try_at = models.DateTimeField(_("prochain essai"), null=True, blank=True)
    claim = models.UUIDField(_("travail en cours"), null=True, blank=True)
    rendering_at = models.DateTimeField(_("mise en page commencée le"), null=True, blank=True)
    ready_at = models.DateTimeField(_("prêt le"), null=True, blank=True)
    failed_at = models.DateTimeField(_("abandonné le"), null=True, blank=True)
    last_error = models.CharField(_("dernière erreur"), max_length=120, blank=True)
    file = models.FileField(_("fichier"), max_length=200, blank=True)
    sha256 = models.CharField(_("empreinte SHA-256"), max_length=64, blank=True)
    size = models.PositiveBigIntegerField(_("taille en octets"), null=True, blank=True)
    pages = models.PositiveIntegerField(_("pages"), null=True, blank=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(fields=["object_type", "object_id", "-created_at"], name="documents_by_object"),
            models.Index(
                fields=["next_try_at"],
                condition=Q(state__in=[DocumentState.PENDING, DocumentState.RENDERING]),
                name="documents_to_render",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="documents_number_once"),
            models.CheckConstraint(
                condition=Q(
                    Q(state=DocumentState.READY, ready_at__isnull=False, size__gt=0, pages__gt=0)
                    & Q(sha256__regex=r"^[0-9a-f]{64}$")
                    & ~Q(file="")
                )
                | Q(~Q(state=DocumentState.READY), ready_at__isnull=True, size__isnull=True)
                & Q(pages__isnull=True, sha256="", file=""),
                name="documents_ready_has_its_file",
            ),
            models.CheckConstraint(
                condition=Q(state=DocumentState.RENDERING, claim__isnull=False, rendering_at__isnull=False)
                | Q(~Q(state=DocumentState.RENDERING), claim__isnull=True, rendering_at__isnull=True),
                name="documents_rendering_is_claimed",
            ),
            models.CheckConstraint(
                condition=Q(state=DocumentState.FAILED, failed_at__isnull=False)
                | Q(~Q(state=DocumentState.FAILED), failed_at__isnull=True),
                name="documents_failed_is_dated",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="documents_facts_frozen", fields=FROZEN),
            pgtrigger.Protect(
                name="documents_ready_stay",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state=DocumentState.READY),
            ),
            pgtrigger.Protect(
                name="documents_numbered_stay",
                operation=pgtrigger.Delete,
                condition=~pgtrigger.Q(old__number=""),
            ),
        ]

    def __str__(self):
        return f"{self.number} – {self.title}" if self.number else self.title

    def get_absolute_url(self):
        return reverse("documents:detail", args=[self.pk])

    @property
    def kind_label(self) -> str:
        """The French name of its kind."""
        return registry.find(self.kind).label

    @property
    def is_settled(self) -> bool:
        """True when nothing will change without someone's action: the page may stop asking."""
        return self.state in (DocumentState.READY, DocumentState.FAILED)
