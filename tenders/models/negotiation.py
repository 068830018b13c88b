"""Responsible negotiation: the same topics and the same time for each candidate, records signed by both sides."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tenders.enums import MeetingState
from tenders.models.bids import Offer
from tenders.models.criteria import Criterion, ImpactQuestion
from tenders.models.notices import Lot

# J4: what is discussed, and for how long, is settled before the first invitation, and for everybody.
SAME_FOR_ALL = """
    IF OLD.invited_at IS NOT NULL AND (NEW.minutes <> OLD.minutes OR NEW.lot_id <> OLD.lot_id
        OR NEW.invited_at IS DISTINCT FROM OLD.invited_at) THEN
        RAISE EXCEPTION 'candidates are invited: the time given to each is the same';
    END IF;
    RETURN NEW;
"""
FIXED_ONCE_INVITED = """
    IF EXISTS (SELECT 1 FROM tenders_negotiation n
                WHERE n.id = COALESCE(NEW.negotiation_id, OLD.negotiation_id) AND n.invited_at IS NOT NULL) THEN
        RAISE EXCEPTION 'candidates are invited: topics and candidates are the same until the end';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""
FIXED_ONCE_SIGNED = """
    IF EXISTS (SELECT 1 FROM tenders_negotiationmeeting m
                WHERE m.id = COALESCE(NEW.meeting_id, OLD.meeting_id) AND m.signed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'the record is signed by both sides: it no longer changes';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""


def _fixed_once_signed() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="fixed_once_signed",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=FIXED_ONCE_SIGNED,
    )


class Negotiation(models.Model):
    """The negotiation of a lot. `minutes` is the time of each meeting, the same for everybody."""

    lot = models.OneToOneField(Lot, on_delete=models.PROTECT, related_name="negotiation")
    minutes = models.PositiveSmallIntegerField(_("durée de chaque réunion, en minutes"))
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(_("préparée le"))
    invited_at = models.DateTimeField(_("invitations envoyées le"), null=True, blank=True)
    closed_at = models.DateTimeField(_("close le"), null=True, blank=True)

    class Meta:
        verbose_name = _("négociation")
        constraints = [
            models.CheckConstraint(
                name="negotiation_minutes", condition=Q(minutes__gte=15, minutes__lte=480)
            ),
            models.CheckConstraint(
                name="negotiation_closed_after_invited",
                condition=Q(closed_at__isnull=True)
                | Q(invited_at__isnull=False, closed_at__gte=F("invited_at")),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="same_for_all", when=pgtrigger.Before, operation=pgtrigger.Update, func=SAME_FOR_ALL
            ),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return str(self.lot)


class NegotiationTopic(models.Model):
    """A topic that every candidate is heard on, drawn from a criterion, an impact question or the buyer's words."""

    negotiation = models.ForeignKey(Negotiation, on_delete=models.PROTECT, related_name="topics")
    position = models.PositiveSmallIntegerField(_("rang"))
    label = models.CharField(_("sujet"), max_length=400)
    criterion = models.ForeignKey(
        Criterion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    question = models.ForeignKey(
        ImpactQuestion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("sujet de négociation")
        ordering = ["negotiation", "position"]
        constraints = [
            models.UniqueConstraint(fields=["negotiation", "position"], name="negotiation_topic_position")
        ]
        triggers = [
            pgtrigger.Trigger(
                name="fixed_once_invited",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=FIXED_ONCE_INVITED,
            )
        ]

    def __str__(self):
        return self.label


class NegotiationMeeting(models.Model):
    """The meeting with one candidate: slots offered, the one chosen, the record signed by both sides."""

    negotiation = models.ForeignKey(Negotiation, on_delete=models.PROTECT, related_name="meetings")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("état"), max_length=10, choices=MeetingState, default=MeetingState.PREPARED)
    place = models.CharField(_("lieu ou adresse de visioconférence"), max_length=300, blank=True)
    slots = ArrayField(models.DateTimeField(), verbose_name=_("créneaux proposés"), default=list, blank=True)
    starts_at = models.DateTimeField(_("créneau choisi"), null=True, blank=True)
    shared_at = models.DateTimeField(_("compte rendu partagé le"), null=True, blank=True)
    shared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    remarks = models.TextField(_("remarques de l'entreprise"), blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_at = models.DateTimeField(_("contresigné le"), null=True, blank=True)

    class Meta:
        verbose_name = _("réunion de négociation")
        ordering = ["negotiation", "id"]
        constraints = [
            models.UniqueConstraint(fields=["negotiation", "offer"], name="negotiation_meeting_once"),
            models.CheckConstraint(
                name="negotiation_meeting_state_has_dates",
                condition=Q(state=MeetingState.PREPARED, starts_at=None, shared_at=None, signed_at=None)
                | Q(state=MeetingState.INVITED, starts_at=None, shared_at=None, signed_at=None)
                | Q(state=MeetingState.PLANNED, starts_at__isnull=False, shared_at=None, signed_at=None)
                | Q(
                    state=MeetingState.SHARED,
                    starts_at__isnull=False,
                    shared_at__isnull=False,
                    signed_at=None,
                )
                | Q(state=MeetingState.SIGNED, shared_at__isnull=False, signed_at__isnull=False)
                | Q(state=MeetingState.DECLINED, signed_at=None),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="candidates_fixed_once_invited",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Delete,
                func=FIXED_ONCE_INVITED,
            )
        ]

    def __str__(self):
        return f"{self.negotiation} : {self.offer.bid.bidder}"


class TopicNote(models.Model):
    """What one candidate is asked on a topic, and what came out of it."""

    meeting = models.ForeignKey(NegotiationMeeting, on_delete=models.PROTECT, related_name="notes")
    topic = models.ForeignKey(NegotiationTopic, on_delete=models.PROTECT, related_name="+")
    prompt = models.TextField(_("point à aborder avec ce candidat"), blank=True)
    outcome = models.TextField(_("ce qui en est sorti"), blank=True)

    class Meta:
        verbose_name = _("sujet abordé")
        ordering = ["meeting", "topic__position"]
        constraints = [models.UniqueConstraint(fields=["meeting", "topic"], name="topic_note_once")]
        triggers = [_fixed_once_signed()]


class Commitment(models.Model):
    """What a candidate commits to: it becomes a clause of its contract, followed by an indicator."""

    meeting = models.ForeignKey(NegotiationMeeting, on_delete=models.PROTECT, related_name="commitments")
    topic = models.ForeignKey(NegotiationTopic, on_delete=models.PROTECT, related_name="+")
    clause = models.TextField(_("clause"))
    indicator = models.CharField(_("indicateur"), max_length=200)
    target = models.CharField(_("cible"), max_length=120)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("ajouté le"))

    class Meta:
        verbose_name = _("engagement")
        ordering = ["meeting", "id"]
        constraints = [
            models.CheckConstraint(
                name="commitment_is_measured", condition=~Q(clause="") & ~Q(indicator="") & ~Q(target="")
            )
        ]
        triggers = [_fixed_once_signed()]
