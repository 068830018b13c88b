"""What an administration prints on its documents: letter-head, and clauses for each kind. Versions never change."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

NEVER_CHANGES = [
    pgtrigger.Protect(name="version_stays_as_saved", operation=pgtrigger.Update | pgtrigger.Delete),
]


class Version(models.Model):
    """One saved version of something that an organisation prints; the highest number is the one in force."""

    organisation = models.ForeignKey(
        "accounts.Organisation", verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(_("version"))
    created_at = models.DateTimeField(_("enregistrée le"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("enregistrée par"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        abstract = True


class Letterhead(Version):
    """The head and the foot of every document of an administration.

    `logo` is a PNG that the platform has drawn again from what was sent, so that nothing but pixels is left.
    """

    name = models.CharField(_("nom"), max_length=200)
    address = models.TextField(_("adresse"), blank=True, max_length=400)
    logo = models.BinaryField(_("logo"), blank=True, default=bytes)
    logo_alternative = models.CharField(_("texte de remplacement du logo"), max_length=120, blank=True)
    footer = models.CharField(_("pied de page"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("en-tête")
        verbose_name_plural = _("en-têtes")
        ordering = ["organisation", "-version"]
        triggers = NEVER_CHANGES
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "version"], name="documents_letterhead_version_once"
            ),
            models.CheckConstraint(
                condition=Q(logo=b"") | ~Q(logo_alternative=""), name="documents_letterhead_logo_is_described"
            ),
        ]

    def __str__(self):
        return f"{self.name}, version {self.version}"


class Clauses(Version):
    """The clauses that an administration adds to one kind of document, in the restricted markup of `markup.py`."""

    kind = models.CharField(_("nature"), max_length=80)
    text = models.TextField(_("clauses"), blank=True, max_length=20_000)

    class Meta:
        verbose_name = _("clauses")
        verbose_name_plural = _("clauses")
        ordering = ["organisation", "kind", "-version"]
        triggers = NEVER_CHANGES
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "version"], name="documents_clauses_version_once"
            ),
        ]

    def __str__(self):
        return f"{self.kind}, version {self.version}"
