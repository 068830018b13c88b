"""A document is the facts it was made from; its PDF is only their printed form."""

import uuid

import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.documents import registry
from foundation.documents.enums import MEDIA_TYPES, DocumentForm, DocumentState
from foundation.documents.models.appearance import Clauses, Letterhead

FROZEN = [
    "kind",
    "number",
    "title",
    "object_type",
    "object_id",
    "organisation",
    "form",
    "is_draft",
    "letterhead",
    "clauses",
    "batch",
    "created_at",
    "created_by",
]

# What a reader once downloaded stays known for ever, even when the content is gone.
PROOF_STAYS = """
    OLD.state IN ('ready', 'purged') AND (
        NEW.state NOT IN (OLD.state, 'purged')
        OR (NEW.state = 'ready' AND OLD IS DISTINCT FROM NEW)
        OR NEW.sha256 <> OLD.sha256
        OR NEW.size IS DISTINCT FROM OLD.size
        OR NEW.pages IS DISTINCT FROM OLD.pages
        OR NEW.ready_at IS DISTINCT FROM OLD.ready_at
        OR (NEW.file <> OLD.file AND NEW.file <> '')
    )
"""
FACTS_STAY = """
    OLD.facts IS DISTINCT FROM NEW.facts AND NOT (NEW.state = 'purged' AND NEW.facts = '{}'::jsonb)
"""
ONLY_AFTER_ITS_TERM = """
    IF NOT EXISTS (
        SELECT 1 FROM documents_retention AS term
        WHERE term.document_id = OLD.id AND term.keep_until_date < CURRENT_DATE AND term.held_at IS NULL
    ) THEN
        RAISE EXCEPTION 'document % must still be kept', OLD.id;
    END IF;
    RETURN NEW;
"""


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


class Batch(models.Model):
    """Many documents asked for by one person in one request, about one object."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(_("titre"), max_length=250)
    object_type = models.CharField(_("type d’objet"), max_length=80)
    object_id = models.CharField(_("identifiant de l’objet"), max_length=64)
    created_at = models.DateTimeField(_("demandé le"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("demandé par"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("série de documents")
        verbose_name_plural = _("séries de documents")
        ordering = ["-created_at", "id"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("documents:batch", args=[self.pk])


class Document(models.Model):
    """A document of the platform: facts frozen on creation, then a file made from them by a worker.

    `form` is the format of `file`; the other forms of the kind are in `renditions`. `letterhead` and `clauses` are
    the versions it is made with. A draft (`is_draft`) has no number and says « Projet » on each page.

    `created_at` is the date that the act bears; `queued_at` is when the document was really asked for, on the clock
    of the database: how long it waits is counted from there.

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
    organisation = models.ForeignKey(
        "accounts.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    form = models.CharField(_("format"), max_length=4, choices=DocumentForm, default=DocumentForm.PDF)
    is_draft = models.BooleanField(_("projet"), default=False)
    letterhead = models.ForeignKey(
        Letterhead,
        verbose_name=_("en-tête"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    clauses = models.ForeignKey(
        Clauses, verbose_name=_("clauses"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    batch = models.ForeignKey(
        Batch,
        verbose_name=_("série"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
    )
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
    queued_at = models.DateTimeField(_("mis en attente le"), db_default=Now(), editable=False)
    attempts = models.PositiveSmallIntegerField(_("essais"), default=0)
    next_try_at = models.DateTimeField(_("prochain essai"), null=True, blank=True)
    claim = models.UUIDField(_("travail en cours"), null=True, blank=True)
    rendering_at = models.DateTimeField(_("mise en page commencée le"), null=True, blank=True)
    ready_at = models.DateTimeField(_("prêt le"), null=True, blank=True)
    failed_at = models.DateTimeField(_("abandonné le"), null=True, blank=True)
    purged_at = models.DateTimeField(_("éliminé le"), null=True, blank=True)
    last_error = models.CharField(_("dernière erreur"), max_length=120, blank=True)
    file = models.FileField(_("fichier"), max_length=200, blank=True)
    sha256 = models.CharField(_("empreinte SHA-256"), max_length=64, blank=True)
    size = models.PositiveBigIntegerField(_("taille en octets"), null=True, blank=True)
    pages = models.PositiveIntegerField(_("pages"), null=True, blank=True)

    subject: models.Model | None = None
    """The object it is about, when whoever reads it has it at hand: no column."""

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
                    Q(state=DocumentState.READY, ready_at__isnull=False, size__gt=0)
                    & (Q(pages__gt=0) | ~Q(form=DocumentForm.PDF))
                    & Q(sha256__regex=r"^[0-9a-f]{64}$")
                    & ~Q(file="")
                )
                | Q(state=DocumentState.PURGED)
                | Q(
                    ~Q(state__in=[DocumentState.READY, DocumentState.PURGED]),
                    ready_at__isnull=True,
                    size__isnull=True,
                    pages__isnull=True,
                    sha256="",
                    file="",
                ),
                name="documents_ready_has_its_file",
            ),
            models.CheckConstraint(
                condition=Q(state=DocumentState.PURGED, purged_at__isnull=False)
                | Q(~Q(state=DocumentState.PURGED), purged_at__isnull=True),
                name="documents_purged_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(is_draft=False) | Q(number=""), name="documents_draft_takes_no_number"
            ),
            models.CheckConstraint(
                condition=Q(state=DocumentState.RENDERING, claim__isnull=False, rendering_at__isnull=False)
                | Q(~Q(state=DocumentState.RENDERING), claim__isnull=True, rendering_at__isnull=True),
                name="documents_rendering_is_claimed",
            ),
            models.CheckConstraint(
                condition=Q(state=DocumentState.FAILED, failed_at__isnull=False)
                | Q(state=DocumentState.PURGED)
                | Q(~Q(state__in=[DocumentState.FAILED, DocumentState.PURGED]), failed_at__isnull=True),
                name="documents_failed_is_dated",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="documents_facts_frozen", fields=FROZEN),
            pgtrigger.Protect(
                name="documents_facts_purged_only",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(FACTS_STAY),
            ),
            pgtrigger.Protect(
                name="documents_ready_stay",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(PROOF_STAYS),
            ),
            pgtrigger.Trigger(
                name="documents_purge_after_term",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__state=DocumentState.PURGED)
                & ~pgtrigger.Q(old__state=DocumentState.PURGED),
                func=ONLY_AFTER_ITS_TERM,
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
        return self.state in (DocumentState.READY, DocumentState.FAILED, DocumentState.PURGED)

    @property
    def media_type(self) -> str:
        """The media type of `file`."""
        return MEDIA_TYPES[DocumentForm(self.form)]

    @property
    def forms(self) -> list["Document | Rendition"]:
        """Its files, the main one first: each has form, file, sha256, size, pages and media_type."""
        return [self, *self.renditions.all()] if self.state == DocumentState.READY else []


class Rendition(models.Model):
    """The same document in another form, made in the same go and stored beside the main file."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="renditions")
    form = models.CharField(_("format"), max_length=4, choices=DocumentForm)
    file = models.FileField(_("fichier"), max_length=200, blank=True)
    sha256 = models.CharField(_("empreinte SHA-256"), max_length=64)
    size = models.PositiveBigIntegerField(_("taille en octets"))
    pages = models.PositiveIntegerField(_("pages"), null=True, blank=True)

    class Meta:
        verbose_name = _("autre format d’un document")
        verbose_name_plural = _("autres formats d’un document")
        ordering = ["document", "form"]
        constraints = [
            models.UniqueConstraint(fields=["document", "form"], name="documents_rendition_once"),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$", size__gt=0),
                name="documents_rendition_has_its_digest",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="documents_rendition_frozen", fields=["document", "form", "sha256", "size", "pages"]
            ),
            pgtrigger.Protect(
                name="documents_rendition_file_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("NEW.file <> OLD.file AND NEW.file <> ''"),
            ),
        ]

    def __str__(self):
        return f"{self.document_id}.{self.form}"

    @property
    def media_type(self) -> str:
        """The media type of `file`."""
        return MEDIA_TYPES[DocumentForm(self.form)]
