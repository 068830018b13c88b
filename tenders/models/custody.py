"""Custodians: their own keys, and who opens the bids of each round together.

No row of this module opens anything: a seed needs its custodian's passphrase, and each bid has a key of its own
(`models.keys`), which only exists split.
"""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenders.enums import SealedBy
from tenders.models.notices import Tender
from tenders.models.rounds import Round


class CustodianKey(models.Model):
    """A custodian's key: X25519 to open shares, Ed25519 to sign; both come from a seed that a passphrase locks.

    `certificate`: his signature under both public keys. `made_by`: his device, or the server when it could not.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    public_key = models.BinaryField()
    signing_key = models.BinaryField()
    certificate = models.BinaryField()
    locked_seed = models.BinaryField()
    lock_parameters = models.JSONField(help_text="scrypt: salt (hexadecimal), n, r, p")
    made_by = models.CharField(_("faite par"), max_length=8, choices=SealedBy)
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
                    "user_id",
                    "public_key",
                    "signing_key",
                    "certificate",
                    "locked_seed",
                    "lock_parameters",
                    "made_by",
                    "created_at",
                ),
            ),
        ]


class Custody(models.Model):
    """Who opens the bids of a round together: `threshold` of the custodians who have a seat. It holds no key."""

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="custody")
    threshold = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="custody_quorum", condition=Q(threshold__gte=2))]
        triggers = [pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete)]


class Seat(models.Model):
    """A custodian's place in the custody of a round, with the key to which his shares of each bid are sealed."""

    custody = models.ForeignKey(Custody, on_delete=models.PROTECT, related_name="seats")
    custodian = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    custodian_key = models.ForeignKey(CustodianKey, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["custody", "id"]
        constraints = [models.UniqueConstraint(fields=["custody", "custodian"], name="seat_per_custodian")]
        triggers = [pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete)]


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
