"""The papers of a consultation written in the tool: their clauses, the words asked for, their versions."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.documents.models.appearance import NEVER_CHANGES, Version
from tenders.enums import PaperKind
from tenders.models.freezing import frozen_once_published
from tenders.models.notices import Tender


class OwnClause(Version):
    """A clause as an organisation writes it; the highest version is used in its next papers."""

    code = models.SlugField(_("code"), max_length=60)
    paper = models.CharField(_("pièce"), max_length=10, choices=PaperKind)
    chapter = models.CharField(_("chapitre"), max_length=80)
    title = models.CharField(_("titre"), max_length=200)
    text = models.TextField(_("texte"), max_length=20_000)
    article = models.CharField(_("article"), max_length=300, blank=True)
    advice = models.TextField(_("quand la choisir"), blank=True)

    class Meta:
        verbose_name = _("clause de l'organisation")
        ordering = ["organisation", "paper", "code", "-version"]
        triggers = NEVER_CHANGES
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "code", "version"], name="own_clause_version_once"
            ),
            models.CheckConstraint(name="own_clause_says_something", condition=~Q(text="") & ~Q(title="")),
        ]

    def __str__(self):
        return f"{self.title}, version {self.version}"

    @property
    def origin(self) -> str:
        """What a paper remembers of where its text comes from."""
        return _("Organisation v%(version)s") % {"version": self.version}


class Paper(models.Model):
    """One of the written papers of a consultation."""

    tender = models.ForeignKey(Tender, on_delete=models.CASCADE, related_name="papers")
    kind = models.CharField(_("pièce"), max_length=10, choices=PaperKind)

    class Meta:
        verbose_name = _("pièce écrite")
        ordering = ["tender", "id"]
        constraints = [models.UniqueConstraint(fields=["tender", "kind"], name="paper_once")]
        triggers = [frozen_once_published("WHERE t.id = COALESCE(NEW.tender_id, OLD.tender_id)")]

    def __str__(self):
        return str(self.get_kind_display())


class PaperClause(models.Model):
    """A clause chosen for a paper. `origin`: the version of the library it comes from; `reason`: why it is there,
    or why its text is not the library's.
    """

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="clauses")
    position = models.PositiveSmallIntegerField(_("rang"), default=1)
    code = models.SlugField(_("code"), max_length=60)
    chapter = models.CharField(_("chapitre"), max_length=80)
    title = models.CharField(_("titre"), max_length=200)
    text = models.TextField(_("texte"), max_length=20_000)
    article = models.CharField(_("article"), max_length=300, blank=True)
    table = models.CharField(_("tableau"), max_length=20, blank=True)
    origin = models.CharField(_("origine"), max_length=40, blank=True)
    is_adapted = models.BooleanField(_("adaptée"), default=False)
    reason = models.TextField(_("pourquoi"), blank=True)

    class Meta:
        verbose_name = _("clause")
        ordering = ["paper", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "code"], name="paper_clause_once"),
            models.CheckConstraint(name="paper_clause_says_something", condition=~Q(text="") & ~Q(title="")),
            models.CheckConstraint(
                name="paper_clause_adapted_for_a_reason", condition=Q(is_adapted=False) | ~Q(reason="")
            ),
        ]
        triggers = [
            frozen_once_published(
                "JOIN tenders_paper p ON p.tender_id = t.id WHERE p.id = COALESCE(NEW.paper_id, OLD.paper_id)"
            )
        ]

    def __str__(self):
        return self.title


class PaperValue(models.Model):
    """What the buyer answered for one variable of the clauses."""

    tender = models.ForeignKey(Tender, on_delete=models.CASCADE, related_name="paper_values")
    name = models.SlugField(_("variable"), max_length=40)
    value = models.TextField(_("valeur"), max_length=4_000)

    class Meta:
        verbose_name = _("valeur des clauses")
        ordering = ["tender", "name"]
        constraints = [models.UniqueConstraint(fields=["tender", "name"], name="paper_value_once")]
        triggers = [frozen_once_published("WHERE t.id = COALESCE(NEW.tender_id, OLD.tender_id)")]


class PaperVersion(models.Model):
    """A paper as it was laid out once: its facts never change. `is_public`: the file of a published consultation."""

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="paper_versions")
    kind = models.CharField(_("pièce"), max_length=10, choices=PaperKind)
    number = models.PositiveSmallIntegerField(_("version"))
    facts = models.JSONField(_("contenu"))
    digest = models.CharField(_("empreinte"), max_length=64)
    is_public = models.BooleanField(_("publiée"), default=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("établie le"))

    class Meta:
        verbose_name = _("version d'une pièce écrite")
        verbose_name_plural = _("versions des pièces écrites")
        ordering = ["tender", "kind", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["tender", "kind", "number"], name="paper_version_once")
        ]
        triggers = [
            pgtrigger.Protect(name="version_stays_as_made", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return _("%(paper)s, version %(number)s") % {
            "paper": self.get_kind_display(),
            "number": self.number,
        }
