"""Files on their way: sealed piece by piece as they arrive, before the short transaction that deposits them.

Nothing of these rows is in clear but sizes, ranks and instants: names wait inside `sealed_facts`. The rows stay
when the ciphertext is gone: they tell what a sending was, should its lateness be disputed (R2151-5).
"""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from tenders.enums import SealedBy, UploadEventKind, UploadState
from tenders.models.notices import Lot
from tenders.models.rounds import Round


class UploadSession(models.Model):
    """What one person is sending for one firm in one round. Its identifier becomes that of the bid.

    `public_key` is the bid's, dealt before its first byte by the device, a program or the server (`sealed_by`);
    `dealt_shares`: [{seat, x, sealed_share (hexadecimal), commitment}].
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="uploads")
    bidder = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("état"), max_length=10, choices=UploadState, default=UploadState.OPEN)
    sealed_by = models.CharField(_("scellé par"), max_length=8, choices=SealedBy, blank=True)
    public_key = models.BinaryField(default=b"")
    dealt_shares = models.JSONField(default=list)
    opened_at = models.DateTimeField(_("commencé le"), db_default=Now())
    closed_at = models.DateTimeField(_("fini le"), null=True, blank=True)

    class Meta:
        verbose_name = _("envoi")
        ordering = ["-opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "bidder", "opened_by"],
                condition=Q(state=UploadState.OPEN),
                name="upload_one_at_a_time",
            ),
            models.CheckConstraint(
                name="upload_closed_has_date",
                condition=Q(state=UploadState.OPEN, closed_at__isnull=True)
                | (~Q(state=UploadState.OPEN) & Q(closed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="upload_dealt_whole",
                condition=Q(sealed_by="", public_key=b"", dealt_shares=[])
                | (~Q(sealed_by="") & ~Q(public_key=b"") & ~Q(dealt_shares=[])),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="dealt_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.sealed_by <> '' AND (OLD.sealed_by, OLD.public_key, OLD.dealt_shares)"
                    " IS DISTINCT FROM (NEW.sealed_by, NEW.public_key, NEW.dealt_shares)"
                ),
            ),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="same_place",
                operation=pgtrigger.UpdateOf("round_id", "bidder_id", "opened_by_id", "opened_at"),
            ),
        ]


def uploaded_path(file, name):
    """Where a file waits once it is whole; a deposit takes it from there without touching it."""
    session = file.session
    return f"tenders/sealed/{session.round.tender_id}/{session.pk}/{file.pk}"


class UploadedFile(models.Model):
    """A file of a session: `received` of its `size` bytes arrived. `pieces` names the ciphertext that waits.

    The bytes that count are those sent: ciphertext when the device seals. `form`: the number of the page that sent it
    whole, without JavaScript; that page sent again replaces it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(UploadSession, on_delete=models.PROTECT, related_name="files")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    size = models.PositiveBigIntegerField(_("taille en octets"))
    received = models.PositiveBigIntegerField(_("reçus"), default=0)
    segments = models.PositiveIntegerField(default=0)
    pieces = models.JSONField(default=list)
    sealed_facts = models.BinaryField()
    file = models.FileField(upload_to=uploaded_path, max_length=300, blank=True)
    sealed_size = models.PositiveBigIntegerField(default=0)
    sealed_sha256 = models.CharField(max_length=64, blank=True)
    form = models.CharField(max_length=32, blank=True)
    added_at = models.DateTimeField(db_default=Now())
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("fichier en cours d'envoi")
        ordering = ["session", "added_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="uploaded_file_size", condition=Q(size__gt=0) & Q(received__lte=F("size"))
            ),
            models.CheckConstraint(
                name="uploaded_file_whole",
                condition=Q(file="", sealed_sha256="") | (~Q(sealed_sha256="") & Q(received=F("size"))),
            ),
        ]

    @property
    def is_complete(self) -> bool:
        return bool(self.sealed_sha256)


class UploadEvent(models.Model):
    """A line of what happened to a sending, at the database's clock: kept as evidence (L22)."""

    session = models.ForeignKey(UploadSession, on_delete=models.PROTECT, related_name="events")
    file = models.UUIDField(null=True)
    kind = models.CharField(_("fait"), max_length=12, choices=UploadEventKind)
    noted_at = models.DateTimeField(_("à"), db_default=Now())
    offset = models.PositiveBigIntegerField(_("à partir de l'octet"), default=0)
    size = models.PositiveBigIntegerField(_("octets reçus"), default=0)
    milliseconds = models.PositiveIntegerField(_("durée en ms"), default=0)

    class Meta:
        ordering = ["session", "id"]
        triggers = [pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete)]
