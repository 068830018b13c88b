"""States of a document, and the forms in which it is given."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DocumentState(models.TextChoices):
    """Where the printed form of a document stands."""

    PENDING = "pending", _("en attente de mise en page")
    RENDERING = "rendering", _("mise en page en cours")
    READY = "ready", _("prêt")
    FAILED = "failed", _("en échec")
    PURGED = "purged", _("éliminé au terme de sa conservation")


class DocumentForm(models.TextChoices):
    """A file format in which a document is given."""

    PDF = "pdf", _("PDF")
    DOCX = "docx", _("Word")
    XLSX = "xlsx", _("tableur")


MEDIA_TYPES = {
    DocumentForm.PDF: "application/pdf",
    DocumentForm.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    DocumentForm.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
