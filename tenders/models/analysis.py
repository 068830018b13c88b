"""Judging the opened offers: evaluators' scores, and the award lot by lot."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenders.enums import ReversalGround
from tenders.models.bids import Offer
from tenders.models.criteria import MAX_POINTS, Criterion
from tenders.models.notices import Lot


class Score(models.Model):
    """One evaluator's mark, from 0 to 5, on one quality criterion of one offer; final once submitted."""

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    evaluator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    points = models.DecimalField(_("note sur 5"), max_digits=3, decimal_places=2)
    level = models.CharField(_("niveau choisi"), max_length=300, blank=True)
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


class AwardManager(models.Manager):
    """The awards in force: those that were reversed stay in the table, behind `Award.every`."""

    def get_queryset(self):
        """Without the reversed ones."""
        return super().get_queryset().filter(reversed_at__isnull=True)


class Award(models.Model):
    """A lot given to a bidder: proposed by the buyer, decided by the signatory. Rank 1 is the best offer.

    A decided award is never erased: it may be reversed, with its ground and its reason, by two persons.
    `strengths` are the characteristics and advantages of the offer that the other firms are told (R2181-3).
    """

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="awards")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="awards")
    bid = models.ForeignKey("tenders.Bid", on_delete=models.PROTECT, related_name="+")
    bidder = models.ForeignKey(
        "accounts.Organisation", verbose_name=_("titulaire"), on_delete=models.PROTECT, related_name="+"
    )
    rank = models.PositiveSmallIntegerField(_("rang"))
    score = models.DecimalField(_("note sur 100"), max_digits=5, decimal_places=2)
    strengths = models.TextField(_("caractéristiques et avantages de l'offre retenue"), blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("attribué le"), null=True, blank=True)
    reversal_ground = models.CharField(
        _("fondement du retrait"), max_length=20, choices=ReversalGround, blank=True
    )
    reversal_reason = models.TextField(_("motif du retrait"), blank=True)
    reversed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reversed_at = models.DateTimeField(_("retirée le"), null=True, blank=True)

    every = models.Manager()
    objects = AwardManager()

    class Meta:
        verbose_name = _("attribution")
        ordering = ["lot", "rank", "id"]
        base_manager_name = "every"
        default_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["lot", "bidder"], condition=Q(reversed_at__isnull=True), name="award_bidder_once"
            ),
            models.UniqueConstraint(
                fields=["offer"], condition=Q(reversed_at__isnull=True), name="award_offer_once"
            ),
            models.CheckConstraint(name="award_rank", condition=Q(rank__gte=1)),
            models.CheckConstraint(
                name="award_decision_whole",
                condition=Q(decided_by__isnull=True, decided_at__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="award_reversal_whole",
                condition=Q(
                    reversed_at__isnull=True, reversed_by__isnull=True, reversal_ground="", reversal_reason=""
                )
                | (
                    Q(reversed_at__isnull=False, reversed_by__isnull=False, decided_at__isnull=False)
                    & ~Q(reversal_ground="")
                    & ~Q(reversal_reason="")
                ),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="final_once_decided",
                operation=pgtrigger.UpdateOf(
                    "lot_id",
                    "offer_id",
                    "bid_id",
                    "bidder_id",
                    "rank",
                    "score",
                    "strengths",
                    "proposed_by_id",
                    "proposed_at",
                    "decided_by_id",
                    "decided_at",
                ),
                condition=pgtrigger.Q(old__decided_at__isnull=False),
            ),
            pgtrigger.Protect(
                name="decided_is_kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__decided_at__isnull=False),
            ),
            pgtrigger.Protect(
                name="reversal_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__reversed_at__isnull=False),
            ),
        ]

    @property
    def is_decided(self) -> bool:
        return self.decided_at is not None
