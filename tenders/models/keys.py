"""The key of each bid: its public half, its private half as shares, and what custodians give of them.

A bid whose shares were never given (late, withdrawn, replaced) stays closed for ever: nothing in these rows opens it.
"""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tenders.enums import SealedBy
from tenders.models.bids import Bid
from tenders.models.custody import Seat


class BidKey(models.Model):
    """The key that one bid was sealed for. `kept_private_key` is empty until enough custodians opened the bid; then it
    is kept under a key derived from SECRET_KEY, so that files can be read for the analysis.

    `commitment`: SHA-256 of the sealed contents, which the firm keeps (`tenders.manifests`).
    """

    bid = models.OneToOneField(Bid, on_delete=models.PROTECT, related_name="key")
    public_key = models.BinaryField()
    threshold = models.PositiveSmallIntegerField()
    sealed_by = models.CharField(_("scellé par"), max_length=8, choices=SealedBy)
    commitment = models.CharField(_("empreinte du contenu"), max_length=64)
    kept_private_key = models.BinaryField(null=True)
    opened_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="bid_key_opened_whole",
                condition=Q(opened_at__isnull=True, kept_private_key__isnull=True)
                | Q(opened_at__isnull=False, kept_private_key__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="dealt_once",
                operation=pgtrigger.UpdateOf("bid_id", "public_key", "threshold", "sealed_by", "commitment"),
            ),
            pgtrigger.Trigger(
                name="not_before_the_deadline",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NEW.kept_private_key IS NOT NULL AND EXISTS (
                        SELECT 1 FROM tenders_bid b JOIN tenders_round r ON r.id = b.round_id
                        WHERE b.id = NEW.bid_id AND r.due_at > clock_timestamp()) THEN
                        RAISE EXCEPTION 'bids cannot be opened before the deadline';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]


class BidShare(models.Model):
    """A share of a bid's private key, sealed to the key of one custodian. `x`: its abscissa."""

    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="shares")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="shares")
    x = models.PositiveSmallIntegerField()
    sealed_share = models.BinaryField()
    commitment = models.CharField(max_length=64)

    class Meta:
        ordering = ["bid", "seat"]
        constraints = [
            models.UniqueConstraint(fields=["bid", "seat"], name="bid_share_per_seat"),
            models.UniqueConstraint(fields=["bid", "x"], name="bid_share_per_abscissa"),
            models.CheckConstraint(name="bid_share_abscissa", condition=Q(x__gte=1, x__lte=255)),
        ]
        triggers = [pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete)]


class Contribution(models.Model):
    """What a custodian gave after the deadline: his shares of the bids to open, waiting for the others; forgotten at
    `expires_at`. `kept_shares`: {bid: share} sealed under a key of the server.
    """

    seat = models.OneToOneField(Seat, on_delete=models.PROTECT, related_name="contribution")
    kept_shares = models.BinaryField()
    share_count = models.PositiveIntegerField()
    contributed_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="contribution_expires_later", condition=Q(expires_at__gt=F("contributed_at"))
            )
        ]
