"""Judging the opened offers: evaluators' scores, and the award lot by lot."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenders.models.bids import Offer
from tenders.models.criteria import MAX_POINTS, Criterion
from tenders.models.notices import Lot


class Score(models.Model):
    """One evaluator's mark, from 0 to 5, on one quality criterion of one offer; final once submitted."""

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    evaluator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    points = models.DecimalField(_("note sur 5"), max_digits=3, decimal_places=2)
    comment = models.TextField(_("appréciation"))
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("note")
        ordering = ["offer", "criterion__position", "evaluator"]
        constraints = [
            models.UniqueConstraint(fields=["offer", "criterion", "evaluator"], name="score_once"),
            models.CheckConstraint(
                name="score_range", condition=Q(points__gte=0) & Q(points__lte=MAX_POINTS)
            ),
            models.CheckConstraint(name="score_is_explained", condition=~Q(comment="")),
        ]
        triggers = [
            pgtrigger.Protect(
                name="final_once_submitted",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__submitted_at__isnull=False),
            )
        ]


class Award(models.Model):
    """A lot given to a bidder: proposed by the buyer, decided by the signatory. Rank 1 is the best offer."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="awards")
    offer = models.OneToOneField(Offer, on_delete=models.PROTECT, related_name="award")
    bid = models.ForeignKey("tenders.Bid", on_delete=models.PROTECT, related_name="+")
    bidder = models.ForeignKey(
        "accounts.Organisation", verbose_name=_("titulaire"), on_delete=models.PROTECT, related_name="+"
    )
    rank = models.PositiveSmallIntegerField(_("rang"))
    score = models.DecimalField(_("note sur 100"), max_digits=5, decimal_places=2)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("attribué le"), null=True, blank=True)

    class Meta:
        verbose_name = _("attribution")
        ordering = ["lot", "rank", "id"]
        constraints = [
            models.UniqueConstraint(fields=["lot", "bidder"], name="award_bidder_once"),
            models.CheckConstraint(name="award_rank", condition=Q(rank__gte=1)),
            models.CheckConstraint(
                name="award_decision_whole",
                condition=Q(decided_by__isnull=True, decided_at__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="final_once_decided",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__decided_at__isnull=False),
            )
        ]

    @property
    def is_decided(self) -> bool:
        return self.decided_at is not None
