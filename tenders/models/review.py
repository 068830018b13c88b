"""The second look at a draft: who wrote it, the versions put to review, what the reviewer said of each part.

A version freezes what the draft said. The one that is approved is the only one that may be published.
"""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tenders.enums import ReviewState
from tenders.models.notices import Tender

IN_FORCE = [ReviewState.ASKED, ReviewState.APPROVED]
NO_OWN_APPROVAL = """
    IF NEW.state = 'approved' AND EXISTS (
        SELECT 1 FROM tenders_drafter d WHERE d.tender_id = NEW.tender_id AND d.user_id = NEW.decided_by_id
    ) THEN
        RAISE EXCEPTION 'who wrote a draft does not approve it';
    END IF;
    RETURN NEW;
"""


class Drafter(models.Model):
    """Somebody who wrote in a draft, himself or through whoever acted for him: he does not approve it."""

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="drafters")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("rédacteur")
        constraints = [models.UniqueConstraint(fields=["tender", "user"], name="drafter_once")]
        triggers = [
            pgtrigger.Protect(name="stays_known", operation=pgtrigger.Update | pgtrigger.Delete),
        ]


class Review(models.Model):
    """One version of a draft put to review. `facts` is what it said, section by section; `digest` its SHA-256."""

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="reviews")
    version = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(_("état"), max_length=10, choices=ReviewState, default=ReviewState.ASKED)
    facts = models.JSONField(_("contenu"))
    digest = models.CharField(_("empreinte"), max_length=64)
    message = models.TextField(_("mot au relecteur"), blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("demandée le"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("décidée le"), null=True, blank=True)
    decision_reason = models.TextField(_("ce qui est à reprendre"), blank=True)
    reopened_at = models.DateTimeField(_("rouverte le"), null=True, blank=True)

    class Meta:
        verbose_name = _("relecture")
        verbose_name_plural = _("relectures")
        ordering = ["tender", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["tender", "version"], name="review_version_once"),
            models.UniqueConstraint(
                fields=["tender"], condition=Q(state__in=IN_FORCE), name="review_one_in_force"
            ),
            models.CheckConstraint(
                name="review_decided_by_another",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="review_state_dates",
                condition=Q(state=ReviewState.ASKED, decided_at__isnull=True, reopened_at__isnull=True)
                | Q(
                    state__in=[ReviewState.APPROVED, ReviewState.SENT_BACK],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                    reopened_at__isnull=True,
                )
                | Q(state=ReviewState.REOPENED, reopened_at__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="another_pair_of_eyes",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=NO_OWN_APPROVAL,
            ),
            pgtrigger.Protect(
                name="version_frozen",
                operation=pgtrigger.UpdateOf(
                    "tender_id", "version", "facts", "digest", "message", "asked_by_id", "asked_at"
                ),
            ),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return _("%(reference)s, version %(version)s") % {
            "reference": self.tender.reference,
            "version": self.version,
        }


class ReviewComment(models.Model):
    """What the reviewer said of one part of a version; the drafters tick it off once it is dealt with."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="comments")
    section = models.CharField(_("partie"), max_length=40)
    text = models.TextField(_("remarque"))
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(_("écrite le"))
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(_("traitée le"), null=True, blank=True)

    class Meta:
        verbose_name = _("remarque de relecture")
        ordering = ["review", "written_at", "id"]
        constraints = [
            models.CheckConstraint(name="review_comment_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="review_comment_settled_whole",
                condition=Q(settled_by__isnull=True, settled_at__isnull=True)
                | Q(settled_by__isnull=False, settled_at__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="said_is_said",
                operation=pgtrigger.UpdateOf("review_id", "section", "text", "written_by_id", "written_at"),
            ),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
        ]
