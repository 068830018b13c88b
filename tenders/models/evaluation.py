"""What the evaluators settle together, which offers leave the ranking and why, how a tie is decided."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tenders.enums import ExclusionGround, LowOfferState
from tenders.models.bids import Offer
from tenders.models.criteria import MAX_POINTS, CostItem, Criterion
from tenders.models.notices import Lot

# A mark that moves says why, or does not move (G5): the database reads the marks given one by one.
REASON_FOR_EACH_DIFFERENCE = """
    SELECT count(*), count(*) FILTER (WHERE s.points <> NEW.points) INTO given, differing
      FROM tenders_score s
     WHERE s.offer_id = NEW.offer_id AND s.criterion_id = NEW.criterion_id AND s.submitted_at IS NOT NULL;
    SELECT count(*) INTO former FROM tenders_consensusmark c
     WHERE c.offer_id = NEW.offer_id AND c.criterion_id = NEW.criterion_id;
    IF given = 0 THEN
        RAISE EXCEPTION 'nobody has given a mark of his own on this criterion of this offer';
    END IF;
    IF btrim(NEW.reason) = '' AND (differing > 0 OR former > 0) THEN
        RAISE EXCEPTION 'a mark that differs from those given has its reason';
    END IF;
    RETURN NEW;
"""


class ConsensusSession(models.Model):
    """The evaluators together, after each has submitted his marks on a lot: they settle what differs."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="consensus_sessions")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(_("séance ouverte le"))
    participants = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("participants"), related_name="+"
    )
    summary = models.TextField(_("ce qui a été discuté"), blank=True)
    closed_at = models.DateTimeField(_("séance close le"), null=True, blank=True)

    class Meta:
        verbose_name = _("séance de consensus")
        ordering = ["lot", "opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["lot"], condition=Q(closed_at__isnull=True), name="consensus_one_open_session"
            ),
            models.CheckConstraint(
                name="consensus_closed_after_opened",
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="final_once_closed",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__closed_at__isnull=False),
            )
        ]


class ConsensusMark(models.Model):
    """The mark that the evaluators settled together on a criterion of an offer; a later one replaces it."""

    session = models.ForeignKey(ConsensusSession, on_delete=models.PROTECT, related_name="marks")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="consensus_marks")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    points = models.DecimalField(_("note retenue"), max_digits=3, decimal_places=2)
    reason = models.TextField(_("motif"), blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(_("arrêtée le"))
    replaced_at = models.DateTimeField(_("remplacée le"), null=True, blank=True)

    class Meta:
        verbose_name = _("note de consensus")
        ordering = ["offer", "criterion", "settled_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "criterion"],
                condition=Q(replaced_at__isnull=True),
                name="consensus_one_in_force",
            ),
            models.CheckConstraint(
                name="consensus_range", condition=Q(points__gte=0) & Q(points__lte=MAX_POINTS)
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="reason_for_each_difference",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("given", "integer"), ("differing", "integer"), ("former", "integer")],
                func=REASON_FOR_EACH_DIFFERENCE,
            ),
            pgtrigger.ReadOnly(
                name="frozen",
                fields=[
                    "session",
                    "offer",
                    "criterion",
                    "points",
                    "reason",
                    "settled_by",
                    "settled_at",
                ],
            ),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
        ]


class OfferExclusion(models.Model):
    """An offer that leaves the ranking, with the ground and the reason; it may come back, with a reason."""

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="exclusions")
    ground = models.CharField(_("fondement"), max_length=20, choices=ExclusionGround)
    reason = models.TextField(_("motif"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("écartée le"))
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lifted_at = models.DateTimeField(_("rétablie le"), null=True, blank=True)
    lift_reason = models.TextField(_("motif du rétablissement"), blank=True)

    class Meta:
        verbose_name = _("offre écartée")
        ordering = ["offer", "decided_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["offer"], condition=Q(lifted_at__isnull=True), name="exclusion_one_in_force"
            ),
            models.CheckConstraint(name="exclusion_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="exclusion_lifted_whole",
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lift_reason="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lift_reason="")),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="frozen", fields=["offer", "ground", "reason", "decided_by", "decided_at"]
            ),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
        ]


class LowOfferReview(models.Model):
    """An offer that looks abnormally low: what made it look so, what was asked, answered, decided.

    `signals` freezes the methods that pointed at it, with their numbers; empty when the buyer asks of his own
    accord.
    """

    offer = models.OneToOneField(Offer, on_delete=models.PROTECT, related_name="low_review")
    state = models.CharField(_("état"), max_length=10, choices=LowOfferState, default=LowOfferState.ASKED)
    signals = models.JSONField(_("ce qui a alerté"), encoder=DjangoJSONEncoder, default=list)
    question = models.TextField(_("justifications demandées"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("demandées le"))
    due_at = models.DateTimeField(_("réponse attendue avant le"))
    answer = models.TextField(_("réponse de l'entreprise"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("répondu le"), null=True, blank=True)
    decision_reason = models.TextField(_("motif de la décision"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("décidé le"), null=True, blank=True)

    class Meta:
        verbose_name = _("offre paraissant anormalement basse")
        ordering = ["asked_at"]
        constraints = [
            models.CheckConstraint(
                name="low_offer_answer_whole",
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
            ),
            models.CheckConstraint(
                name="low_offer_decision_whole",
                condition=(
                    Q(state__in=[LowOfferState.ASKED, LowOfferState.ANSWERED])
                    & Q(decided_at__isnull=True, decided_by__isnull=True, decision_reason="")
                )
                | (
                    Q(state__in=[LowOfferState.ACCEPTED, LowOfferState.REJECTED])
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                    & ~Q(decision_reason="")
                ),
            ),
            models.CheckConstraint(
                name="low_offer_answered_has_date",
                condition=~Q(state=LowOfferState.ANSWERED) | Q(answered_at__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="frozen", fields=["offer", "signals", "question", "asked_by", "asked_at", "due_at"]
            ),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
        ]


class TieBreak(models.Model):
    """Offers of equal score put in order, with the written reason; a later decision replaces it."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="tie_breaks")
    order = ArrayField(models.BigIntegerField(), verbose_name=_("offres, la meilleure d'abord"))
    reason = models.TextField(_("motif"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("décidé le"))
    replaced_at = models.DateTimeField(_("remplacé le"), null=True, blank=True)

    class Meta:
        verbose_name = _("départage")
        ordering = ["lot", "decided_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["lot"], condition=Q(replaced_at__isnull=True), name="tie_break_one_in_force"
            ),
            models.CheckConstraint(name="tie_break_has_reason", condition=~Q(reason="")),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="frozen", fields=["lot", "order", "reason", "decided_by", "decided_at"]),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
        ]


class DeclaredCost(models.Model):
    """A quantity that a bidder declares for a cost of use (kWh, kilometres…), read in its offer with its evidence.

    With the announced unit cost and multiplier it makes the life-cycle cost (R2152-9). A later reading replaces it,
    with its reason.
    """

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="declared_costs")
    item = models.ForeignKey(CostItem, on_delete=models.PROTECT, related_name="+")
    quantity = models.DecimalField(_("quantité déclarée"), max_digits=14, decimal_places=4)
    evidence = models.CharField(_("où elle se lit dans l'offre"), max_length=300)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("relevée le"))
    replaced_at = models.DateTimeField(_("remplacée le"), null=True, blank=True)

    class Meta:
        verbose_name = _("coût d'usage déclaré")
        ordering = ["offer", "item__position", "recorded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "item"], condition=Q(replaced_at__isnull=True), name="declared_cost_in_force"
            ),
            models.CheckConstraint(
                name="declared_cost_is_sourced", condition=Q(quantity__gte=0) & ~Q(evidence="")
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="frozen", fields=["offer", "item", "quantity", "evidence", "recorded_by", "recorded_at"]
            ),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
        ]
