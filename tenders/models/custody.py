"""Keys of the bids: custodians' own keys, the key of each round, its shares and contributions.

No row of this module can open a bid alone: a share needs its custodian's passphrase, and the private key of a
round exists only split, until enough custodians open together after its deadline.
"""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tenders.models.notices import Tender
from tenders.models.rounds import Round


class CustodianKey(models.Model):
    """A custodian's X25519 key pair; the private half is locked by a passphrase the server never keeps."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    public_key = models.BinaryField()
    locked_private_key = models.BinaryField()
    lock_parameters = models.JSONField(help_text="Argon2id: salt (hexadecimal), memory, passes, lanes")
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("clé de dépositaire")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(retired_at__isnull=True), name="custodian_key_current"
            )
        ]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="only_retired",
                operation=pgtrigger.UpdateOf(
                    "user_id", "public_key", "locked_private_key", "lock_parameters"
                ),
            ),
        ]


class TenderKey(models.Model):
    """The key pair of a round. `sealed_private_key` is empty until its bids are opened together."""

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="key")
    public_key = models.BinaryField()
    threshold = models.PositiveSmallIntegerField()
    share_count = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()
    sealed_private_key = models.BinaryField(null=True)
    opened_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="tender_key_quorum",
                condition=Q(threshold__gte=2) & Q(share_count__gte=F("threshold")),
            ),
            models.CheckConstraint(
                name="tender_key_opened_whole",
                condition=Q(opened_at__isnull=True, sealed_private_key__isnull=True)
                | Q(opened_at__isnull=False, sealed_private_key__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="not_before_the_deadline",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NEW.sealed_private_key IS NOT NULL AND EXISTS (
                        SELECT 1 FROM tenders_round r
                        WHERE r.id = NEW.round_id AND r.due_at > clock_timestamp()) THEN
                        RAISE EXCEPTION 'bids cannot be opened before the deadline';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]


class KeyShare(models.Model):
    """One custodian's share of a round's private key, sealed to that custodian's own key."""

    tender_key = models.ForeignKey(TenderKey, on_delete=models.PROTECT, related_name="shares")
    custodian_key = models.ForeignKey(CustodianKey, on_delete=models.PROTECT, related_name="+")
    custodian = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sealed_share = models.BinaryField()

    class Meta:
        ordering = ["tender_key", "id"]
        constraints = [
            models.UniqueConstraint(fields=["tender_key", "custodian"], name="share_per_custodian")
        ]
        triggers = [pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete)]


class Contribution(models.Model):
    """A share unlocked by its custodian after the deadline, waiting for the others; forgotten at
    `expires_at`.
    """

    share = models.OneToOneField(KeyShare, on_delete=models.PROTECT, related_name="contribution")
    resealed_share = models.BinaryField()
    contributed_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="contribution_expires_later", condition=Q(expires_at__gt=F("contributed_at"))
            )
        ]


class InterestDeclaration(models.Model):
    """What a person who opens or judges bids declares about conflicts of interest (L2141-10)."""

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="interest_declarations")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    has_interest = models.BooleanField(_("a un intérêt, direct ou indirect"))
    statement = models.TextField(_("précisions"), blank=True)
    declared_at = models.DateTimeField()

    class Meta:
        verbose_name = _("déclaration d'intérêts")
        constraints = [
            models.UniqueConstraint(fields=["tender", "user"], name="interest_declared_once"),
            models.CheckConstraint(
                name="interest_is_explained", condition=Q(has_interest=False) | ~Q(statement="")
            ),
        ]
        triggers = [pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete)]
