"""Rounds of a consultation: candidatures, offers, final offers. Each has its deadline, its key, its bids, its
opening.

`Tender.submission_due_at` is the announced deadline of the round in force, the last one; a round is written
only while the row of its consultation is locked, so that lock stands for both.
"""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tenders.enums import RoundKind, RoundPhase, RoundState
from tenders.models.freezing import same_deadline
from tenders.models.notices import Tender

ANNOUNCED = """
    IF NEW.tender_id <> OLD.tender_id OR NEW.number <> OLD.number OR NEW.kind <> OLD.kind
       OR NEW.is_restricted <> OLD.is_restricted OR NEW.due_at < OLD.due_at THEN
        RAISE EXCEPTION 'a round keeps what was announced; its deadline only moves later';
    END IF;
    IF NEW.due_at <> OLD.due_at AND (OLD.state <> 'sealed' OR OLD.closed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'the deadline of a round that was closed no longer moves';
    END IF;
    IF OLD.closed_at IS NOT NULL AND NEW.closed_at IS DISTINCT FROM OLD.closed_at THEN
        RAISE EXCEPTION 'a round is closed once';
    END IF;
    RETURN NEW;
"""
ONE_AFTER_THE_OTHER = """
    IF EXISTS (SELECT 1 FROM tenders_round r WHERE r.tender_id = NEW.tender_id AND r.state <> 'opened')
       OR NEW.number <> 1 + (SELECT count(*) FROM tenders_round r WHERE r.tender_id = NEW.tender_id) THEN
        RAISE EXCEPTION 'a round follows the opening of the one before';
    END IF;
    RETURN NEW;
"""


class Round(models.Model):
    """One reception of sealed bids. `is_restricted`: only the invited organisations answer. `closed_at`: when, after
    the deadline, the journal was told that nothing more arrives in time.
    """

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField(_("numéro"))
    kind = models.CharField(_("nature"), max_length=12, choices=RoundKind)
    due_at = models.DateTimeField(_("date limite"))
    is_restricted = models.BooleanField(_("réservé aux candidats invités"), default=False)
    invited = models.ManyToManyField(
        "accounts.Organisation", verbose_name=_("candidats invités"), related_name="+", blank=True
    )
    state = models.CharField(_("état"), max_length=8, choices=RoundState, default=RoundState.SEALED)
    created_at = models.DateTimeField(_("ouvert aux réponses le"))
    closed_at = models.DateTimeField(_("clos au journal le"), null=True, blank=True)
    opened_at = models.DateTimeField(_("plis ouverts le"), null=True, blank=True)

    class Meta:
        verbose_name = _("tour")
        verbose_name_plural = _("tours")
        ordering = ["tender", "number"]
        constraints = [
            models.UniqueConstraint(fields=["tender", "number"], name="round_number_unique"),
            models.CheckConstraint(
                name="round_opened_has_date",
                condition=Q(state=RoundState.OPENED, opened_at__isnull=False)
                | Q(state=RoundState.SEALED, opened_at__isnull=True),
            ),
            models.CheckConstraint(
                name="round_opened_after_deadline",
                condition=Q(opened_at__isnull=True) | Q(opened_at__gte=F("due_at")),
            ),
            models.CheckConstraint(
                name="round_closed_after_deadline",
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("due_at")),
            ),
            models.CheckConstraint(
                name="round_after_the_first_is_restricted",
                condition=Q(number=1) | Q(number__gt=1, is_restricted=True),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="announced", when=pgtrigger.Before, operation=pgtrigger.Update, func=ANNOUNCED
            ),
            pgtrigger.Trigger(
                name="one_after_the_other",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=ONE_AFTER_THE_OTHER,
            ),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            same_deadline(pgtrigger.Insert | pgtrigger.Update, "NEW.tender_id"),
        ]

    def __str__(self):
        return f"{self.tender.reference} / {self.get_kind_display()}"

    def phase(self, at) -> RoundPhase:
        """The phase a reader is told at `at`."""
        if self.state == RoundState.OPENED:
            return RoundPhase.OPENED
        return RoundPhase.RECEIVING if at < self.due_at else RoundPhase.TO_OPEN

    def is_receiving(self, at) -> bool:
        """Whether a bid that arrives at `at` is in time (R2151-5: the very second of the limit is late)."""
        return self.phase(at) == RoundPhase.RECEIVING
