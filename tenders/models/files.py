"""The files that the buyer puts in a consultation (DCE): public once published, kept as they were read; and how far the
check of the files of opened bids is.
"""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenders.models.bids import SealedPart
from tenders.models.notices import Tender, document_path

KEPT_ONCE_PUBLISHED = """
    IF EXISTS (SELECT 1 FROM tenders_tender t WHERE t.id = OLD.tender_id AND t.published_at IS NOT NULL) THEN
        RAISE EXCEPTION 'tender is published: its files are kept as they were read';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""


class DocumentsInForce(models.Manager):
    """The files of a consultation, without those that a corrigendum took out."""

    def get_queryset(self):
        return super().get_queryset().filter(withdrawn_at__isnull=True)


class TenderDocument(models.Model):
    """A file of the consultation (DCE) put there by the buyer, public from publication on.

    `withdrawn_at`: when a corrigendum took it out. It is kept and stays readable, since firms have read it.
    """

    tender = models.ForeignKey(Tender, on_delete=models.CASCADE, related_name="documents")
    title = models.CharField(_("intitulé"), max_length=200)
    name = models.CharField(_("nom du fichier"), max_length=200)
    file = models.FileField(_("fichier"), upload_to=document_path, max_length=300)
    content_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField(_("taille en octets"))
    sha256 = models.CharField(_("empreinte SHA-256"), max_length=64)
    added_at = models.DateTimeField(_("ajouté le"))
    withdrawn_at = models.DateTimeField(_("retiré le"), null=True, blank=True, editable=False)

    objects = DocumentsInForce()
    ever_announced = models.Manager()  # noqa: DJ012  a manager, which the rule takes for a field

    class Meta:
        verbose_name = _("document de la consultation")
        ordering = ["tender", "id"]
        triggers = [
            pgtrigger.Trigger(
                name="kept_once_published",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete
                | pgtrigger.UpdateOf("tender_id", "title", "name", "file", "size", "sha256", "added_at"),
                func=KEPT_ONCE_PUBLISHED,
            )
        ]

    def __str__(self):
        return self.title


class InspectionAttempt(models.Model):
    """That the whole check of a file of an opened bid began, written before it does.

    `tries` that ended without an answer count, unless the fault was not the file's. `awaits_antivirus`: our own check
    is made, the antivirus was away.
    """

    part = models.OneToOneField(SealedPart, on_delete=models.CASCADE, related_name="inspection_attempt")
    tries = models.PositiveSmallIntegerField(_("essais"), default=0)
    began_at = models.DateTimeField(_("commencé le"))
    awaits_antivirus = models.BooleanField(_("attend l’antivirus"), default=False)

    class Meta:
        verbose_name = _("vérification commencée")

    def __str__(self):
        return f"{self.part_id} {self.tries}"
