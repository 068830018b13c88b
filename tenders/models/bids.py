"""Answers of suppliers: what is sealed, and what the opening reveals.

Before opening a row tells who answered, when, for which lots, how many parts, their sealed size and
digest. Names of files, prices and contents exist only as ciphertext (docs/adr, "what a sealed bid shows").
"""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenders.enums import BackupCase, BidState, PartKind
from tenders.models.notices import Lot, PriceLine, Tender
from tenders.models.rounds import Round

# The database itself checks the instant of a deposit and the verdict drawn from it (R2151-5).
DEPOSIT_INSTANT = """
    SELECT r.due_at, r.tender_id INTO due, round_of FROM tenders_round r WHERE r.id = NEW.round_id;
    IF round_of <> NEW.tender_id THEN
        RAISE EXCEPTION 'a bid answers a round of its own consultation';
    END IF;
    -- The owner of the tables, whom nothing here can hold back, writes the past of the demonstration.
    IF (NEW.deposited_at > clock_timestamp() OR NEW.deposited_at < clock_timestamp() - interval '10 seconds')
       AND NOT (SELECT pg_has_role(relowner, 'MEMBER') FROM pg_class WHERE oid = TG_RELID)
    THEN RAISE EXCEPTION 'the instant of a deposit is the clock of the database';
    END IF;
    IF (NEW.state = 'late') <> (NEW.deposited_at >= due) THEN
        RAISE EXCEPTION 'a deposit is late if, and only if, it arrives at the deadline or after';
    END IF;
    RETURN NEW;
"""


class Bid(models.Model):
    """One transmission of a bidder (pli) in a round. Only the last one received in time is ever opened
    (R2151-6).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="bids")
    round = models.ForeignKey(Round, verbose_name=_("tour"), on_delete=models.PROTECT, related_name="bids")
    bidder = models.ForeignKey(
        "accounts.Organisation", verbose_name=_("soumissionnaire"), on_delete=models.PROTECT, related_name="+"
    )
    deposited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    deposited_at = models.DateTimeField(_("reçu le"))
    manifest_sha256 = models.CharField(_("empreinte de l'envoi"), max_length=64)
    state = models.CharField(_("état"), max_length=12, choices=BidState, default=BidState.DEPOSITED)
    is_backup = models.BooleanField(_("copie de sauvegarde"), default=False)
    backup_case = models.CharField(
        _("cas d'ouverture de la copie"), max_length=12, choices=BackupCase, blank=True
    )
    backup_reason = models.TextField(_("motif de l'ouverture de la copie"), blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("pli")
        verbose_name_plural = _("plis")
        ordering = ["deposited_at"]
        indexes = [models.Index(fields=["tender", "state"], name="bid_tender_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "bidder"],
                condition=Q(state__in=[BidState.DEPOSITED, BidState.OPENED]),
                name="bid_one_in_force",
            ),
            models.UniqueConstraint(
                fields=["round", "bidder"], condition=Q(state=BidState.BACKUP), name="bid_one_backup"
            ),
            models.CheckConstraint(
                name="bid_backup_opened_in_a_case",
                condition=Q(is_backup=False, backup_case="")
                | Q(is_backup=True, backup_case="") & ~Q(state__in=[BidState.DEPOSITED, BidState.OPENED])
                | Q(is_backup=True) & ~Q(backup_case="") & ~Q(backup_reason=""),
            ),
            models.CheckConstraint(
                name="bid_backup_is_a_backup", condition=~Q(state=BidState.BACKUP) | Q(is_backup=True)
            ),
            models.CheckConstraint(
                name="bid_replaced_has_date",
                condition=Q(state=BidState.REPLACED, replaced_at__isnull=False)
                | (~Q(state=BidState.REPLACED) & Q(replaced_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="bid_withdrawn_has_date",
                condition=Q(state=BidState.WITHDRAWN, withdrawn_at__isnull=False)
                | (~Q(state=BidState.WITHDRAWN) & Q(withdrawn_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="bid_opened_has_date",
                condition=Q(state__in=[BidState.OPENED, BidState.UNREADABLE], opened_at__isnull=False)
                | (~Q(state__in=[BidState.OPENED, BidState.UNREADABLE]) & Q(opened_at__isnull=True)),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="deposit_instant",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("due", "timestamptz"), ("round_of", "bigint")],
                func=DEPOSIT_INSTANT,
            ),
            pgtrigger.Protect(
                name="deposit_immutable",
                operation=pgtrigger.UpdateOf(
                    "tender_id",
                    "round_id",
                    "bidder_id",
                    "deposited_by_id",
                    "deposited_at",
                    "manifest_sha256",
                    "is_backup",
                ),
            ),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.tender.reference} {self.bidder}"


def sealed_path(part, name):
    """Where ciphertext is kept: the path tells the consultation, the bid and the part, never a file's
    name.
    """
    return f"tenders/sealed/{part.bid.tender_id}/{part.bid_id}/{part.id}"


class SealedPart(models.Model):
    """One ciphertext of a bid: a file (kept in the storage), or facts as JSON (kept in the row): the prices of
    a lot, the answers on a lot, the candidature, the digests of what was written (contents).

    `lot` is empty for what answers the consultation as a whole. `sealed_facts` is the ciphertext of the file's
    name, type, size and SHA-256 in clear; empty for facts.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="parts")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=PartKind)
    file = models.FileField(upload_to=sealed_path, max_length=300, blank=True)
    sealed_data = models.BinaryField(null=True)
    sealed_facts = models.BinaryField(null=True)
    sealed_size = models.PositiveBigIntegerField(_("taille scellée en octets"))
    sealed_sha256 = models.CharField(_("empreinte SHA-256 du pli scellé"), max_length=64)

    class Meta:
        verbose_name = _("pièce scellée")
        ordering = ["bid", "position"]
        constraints = [
            models.UniqueConstraint(fields=["bid", "position"], name="sealed_part_position"),
            models.UniqueConstraint(
                fields=["bid", "kind", "lot"],
                condition=~Q(kind=PartKind.FILE),
                nulls_distinct=False,
                name="sealed_facts_once",
            ),
            models.CheckConstraint(
                name="sealed_part_holds_one_ciphertext",
                condition=(
                    Q(kind=PartKind.FILE, sealed_data__isnull=True, sealed_facts__isnull=False) & ~Q(file="")
                )
                | Q(
                    kind__in=[PartKind.PRICES, PartKind.ANSWERS],
                    file="",
                    sealed_data__isnull=False,
                    lot__isnull=False,
                )
                | Q(
                    kind__in=[PartKind.CANDIDATURE, PartKind.CONTENTS],
                    file="",
                    sealed_data__isnull=False,
                    lot__isnull=True,
                ),
            ),
        ]
        triggers = [pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete)]


class OpenedFile(models.Model):
    """What the opening learned of a sealed file; its content is decrypted as it is downloaded."""

    part = models.OneToOneField(SealedPart, on_delete=models.PROTECT, related_name="opened")
    name = models.CharField(_("nom du fichier"), max_length=255)
    content_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField(_("taille en octets"))
    sha256 = models.CharField(_("empreinte SHA-256"), max_length=64)

    class Meta:
        triggers = [pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete)]


class OpenedFacts(models.Model):
    """What the opening read of a sealed candidature, or of sealed answers: the JSON that was sealed."""

    part = models.OneToOneField(SealedPart, on_delete=models.PROTECT, related_name="opened_facts")
    facts = models.JSONField()

    class Meta:
        triggers = [pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete)]


class Offer(models.Model):
    """The offer of an opened bid for one lot; born at the opening. The total is that of the simulation
    (DQE), to the cent; it may be zero, and is then asked about (CJUE C-367/19).
    """

    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="offers")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="offers")
    total_excl_tax = models.DecimalField(_("total simulé HT"), max_digits=16, decimal_places=2)

    class Meta:
        verbose_name = _("offre")
        ordering = ["lot", "id"]
        constraints = [
            models.UniqueConstraint(fields=["bid", "lot"], name="offer_per_lot"),
            models.CheckConstraint(name="offer_total_not_negative", condition=Q(total_excl_tax__gte=0)),
        ]
        triggers = [pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete)]

    @property
    def bidder(self):
        return self.bid.bidder


class OfferPrice(models.Model):
    """A unit price of an offer, in euros excluding tax, with the decimals of its line at most; zero is a price."""

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="prices")
    line = models.ForeignKey(PriceLine, on_delete=models.PROTECT, related_name="+")
    unit_price_excl_tax = models.DecimalField(_("prix unitaire HT"), max_digits=16, decimal_places=6)

    class Meta:
        ordering = ["offer", "line__position"]
        constraints = [
            models.UniqueConstraint(fields=["offer", "line"], name="offer_price_per_line"),
            models.CheckConstraint(name="offer_price_not_negative", condition=Q(unit_price_excl_tax__gte=0)),
        ]
        triggers = [pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete)]
