"""What is made known of a consultation after its publication: corrigenda, later deadlines, its end."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tenders.enums import ChangeKind
from tenders.models.notices import Tender


class Change(models.Model):
    """One change that was published. `facts` lists what changed: {"label", "before", "after"} in plain words.

    `confirmed_by` is the second person, when the change needed one: always for the deadline (S4).
    """

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="changes")
    number = models.PositiveSmallIntegerField(_("numéro"))
    kind = models.CharField(_("nature"), max_length=12, choices=ChangeKind)
    reason = models.TextField(_("motif"))
    article = models.CharField(_("article"), max_length=200, blank=True)
    facts = models.JSONField(_("ce qui change"), default=list)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(_("publié le"))

    class Meta:
        verbose_name = _("modification publiée")
        verbose_name_plural = _("modifications publiées")
        ordering = ["tender", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["tender", "number"], name="change_number_once"),
            models.CheckConstraint(name="change_is_explained", condition=~Q(reason="")),
            models.CheckConstraint(
                name="change_of_deadline_by_two",
                condition=~Q(kind=ChangeKind.EXTENSION)
                | (Q(confirmed_by__isnull=False) & ~Q(confirmed_by=F("decided_by"))),
            ),
        ]
        triggers = [pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.tender.reference}, {self.get_kind_display()} {self.number}"
