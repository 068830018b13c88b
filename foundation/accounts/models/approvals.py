"""Acts that wait for a second person."""

import pgtrigger
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.accounts.enums import ApprovalState

FROZEN = [
    "action",
    "object_type",
    "object_id",
    "facts",
    "digest",
    "asked_by",
    "asked_for",
    "asked_at",
    "outside_from_at",
]


class Approval(models.Model):
    """An act asked by one person, done when another one confirms it.

    `facts` freezes what is asked (`change`) and the state of the object that it supposes (`object`), as JSON;
    `digest` is their SHA-256. The confirmation is refused when the object is no longer as it was.

    `outside_from_at`: from when somebody who is not of the organisation may confirm it; it is then told to everybody
    there, and anyone may oppose it. `takes_effect_at`: when what was confirmed from outside is done.
    """

    action = models.CharField(_("acte"), max_length=80)
    object_type = models.CharField(_("type d’objet"), max_length=80)
    object_id = models.CharField(_("objet"), max_length=64)
    object_label = models.CharField(_("libellé de l’objet"), max_length=250)
    organisation = models.ForeignKey(
        "accounts.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="approvals",
    )
    facts = models.JSONField(_("faits"), encoder=DjangoJSONEncoder)
    digest = models.CharField(_("empreinte"), max_length=64)
    state = models.CharField(
        _("état"), max_length=12, choices=ApprovalState.choices, default=ApprovalState.ASKED
    )
    asked_by = models.ForeignKey(
        "accounts.User",
        verbose_name=_("demandé par"),
        on_delete=models.PROTECT,
        related_name="approvals_asked",
    )
    asked_for = models.ForeignKey(
        "accounts.User",
        verbose_name=_("au nom de"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    asked_at = models.DateTimeField(_("demandé le"))
    reason = models.CharField(_("motif"), max_length=500, blank=True)
    lapses_at = models.DateTimeField(_("caduc le"))
    outside_from_at = models.DateTimeField(_("ouvert à la plateforme le"), null=True, blank=True)
    takes_effect_at = models.DateTimeField(_("en vigueur le"), null=True, blank=True)
    decided_by = models.ForeignKey(
        "accounts.User",
        verbose_name=_("décidé par"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="approvals_decided",
    )
    decided_at = models.DateTimeField(_("décidé le"), null=True, blank=True)
    decision_reason = models.CharField(_("motif de la décision"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("demande à confirmer")
        verbose_name_plural = _("demandes à confirmer")
        ordering = ["-asked_at", "-id"]
        indexes = [
            models.Index(fields=["lapses_at"], condition=Q(state="asked"), name="accounts_approval_waiting"),
        ]
        triggers = [pgtrigger.ReadOnly(name="facts_are_frozen", fields=FROZEN)]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="asked", decided_by=None, decided_at=None)
                | Q(state="lapsed", decided_at__isnull=False)
                | Q(
                    state__in=["delayed", "confirmed", "refused", "opposed"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="accounts_approval_decision",
            ),
            models.CheckConstraint(
                condition=~Q(state="delayed") | Q(takes_effect_at__gt=F("decided_at")),
                name="accounts_approval_delayed_until",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None)
                | (~Q(decided_by=F("asked_by")) & (Q(asked_for=None) | ~Q(decided_by=F("asked_for")))),
                name="accounts_approval_two_persons",
            ),
            models.UniqueConstraint(
                fields=["action", "object_type", "object_id", "digest"],
                condition=Q(state__in=["asked", "delayed"]),
                name="accounts_approval_asked_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_label}"

    def get_absolute_url(self) -> str:
        """The page where it is read and decided."""
        return reverse("approvals:detail", args=[self.pk])
