"""From the award to the contract served on its holder: wait, documents, signature, challenges, reasons asked."""

import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tenders.enums import ContractState, PieceState
from tenders.models.analysis import Award
from tenders.models.bids import Offer
from tenders.models.notices import Tender

# A challenge on record stops every signature of the consultation, whoever asks for it.
NO_SIGNATURE_WHILE_CHALLENGED = """
    IF NEW.state = 'signed' AND OLD.state <> 'signed' AND EXISTS (
        SELECT 1 FROM tenders_challenge c
          JOIN tenders_award a ON a.id = NEW.award_id
          JOIN tenders_lot l ON l.id = a.lot_id
         WHERE c.tender_id = l.tender_id AND c.ended_at IS NULL) THEN
        RAISE EXCEPTION 'a challenge is pending: the contract cannot be signed';
    END IF;
    RETURN NEW;
"""
_SIGNED = [ContractState.SIGNED, ContractState.SERVED]


class Contract(models.Model):
    """The contract of one holder of one lot. `signable_at` is the first instant when it may be signed (L41)."""

    award = models.OneToOneField(Award, on_delete=models.PROTECT, related_name="contract")
    state = models.CharField(_("état"), max_length=10, choices=ContractState, default=ContractState.TO_SIGN)
    signable_at = models.DateTimeField(_("signature possible à partir du"))
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_at = models.DateTimeField(_("signé le"), null=True, blank=True)
    served_at = models.DateTimeField(_("notifié le"), null=True, blank=True)
    notice_due_date = models.DateField(_("avis d'attribution à publier avant le"), null=True, blank=True)
    notice_sent_at = models.DateTimeField(_("avis d'attribution publié le"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("abandonné le"), null=True, blank=True)

    class Meta:
        verbose_name = _("contrat")
        ordering = ["award__lot", "award__rank"]
        constraints = [
            models.CheckConstraint(
                name="contract_signed_whole",
                condition=Q(signed_at__isnull=True, signed_by__isnull=True)
                | Q(signed_at__isnull=False, signed_by__isnull=False, signed_at__gte=F("signable_at")),
            ),
            models.CheckConstraint(
                name="contract_state_has_its_dates",
                condition=Q(state=ContractState.TO_SIGN, signed_at=None, served_at=None, cancelled_at=None)
                | Q(state=ContractState.SIGNED, signed_at__isnull=False, served_at=None, cancelled_at=None)
                | Q(
                    state=ContractState.SERVED,
                    signed_at__isnull=False,
                    served_at__isnull=False,
                    cancelled_at=None,
                )
                | Q(state=ContractState.CANCELLED, served_at=None, cancelled_at__isnull=False),
            ),
            models.CheckConstraint(
                name="contract_served_once_signed",
                condition=Q(served_at__isnull=True) | Q(served_at__gte=F("signed_at")),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="no_signature_while_challenged",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("state"),
                func=NO_SIGNATURE_WHILE_CHALLENGED,
            ),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.award.lot} : {self.award.bidder}"

    @property
    def is_signed(self) -> bool:
        """Both parties are bound."""
        return self.state in _SIGNED


def deed_path(deed, name):
    """Where the signed act is kept; its own name stays in the row."""
    return f"tenders/deeds/{deed.contract_id}/{name}"


class Deed(models.Model):
    """The signed act (PDF) put on the contract, with what was read of its signatures.

    `report` is a list: who signed, when, with which certificate, by whom it was issued, whether the content is
    intact and whether the certificate is qualified as far as the platform can tell.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="deeds")
    name = models.CharField(_("nom du fichier"), max_length=200)
    file = models.FileField(_("fichier"), upload_to=deed_path, max_length=300)
    size = models.PositiveBigIntegerField(_("taille en octets"))
    sha256 = models.CharField(_("empreinte SHA-256"), max_length=64)
    report = models.JSONField(_("signatures lues"), encoder=DjangoJSONEncoder)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("ajouté le"))

    class Meta:
        verbose_name = _("acte signé")
        ordering = ["contract", "-added_at"]
        triggers = [pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete)]


def piece_path(piece, name):
    """Where a document of the future holder is kept."""
    return f"tenders/pieces/{piece.contract_id}/{name}"


class RequestedPiece(models.Model):
    """A document asked from the future holder before the signature, and what was received."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="pieces")
    label = models.CharField(_("pièce demandée"), max_length=200)
    state = models.CharField(_("état"), max_length=10, choices=PieceState, default=PieceState.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("demandée le"))
    due_at = models.DateTimeField(_("attendue avant le"))
    name = models.CharField(_("nom du fichier"), max_length=200, blank=True)
    file = models.FileField(_("fichier"), upload_to=piece_path, max_length=300, blank=True)
    content_type = models.CharField(max_length=120, blank=True)
    size = models.PositiveBigIntegerField(_("taille en octets"), default=0)
    sha256 = models.CharField(_("empreinte SHA-256"), max_length=64, blank=True)
    received_at = models.DateTimeField(_("reçue le"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("vérifiée le"), null=True, blank=True)
    refusal_reason = models.TextField(_("motif du refus"), blank=True)

    class Meta:
        verbose_name = _("pièce demandée à l'attributaire")
        ordering = ["contract", "id"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "label"], name="piece_asked_once"),
            models.CheckConstraint(
                name="piece_state_has_its_facts",
                condition=Q(state=PieceState.ASKED, received_at__isnull=True)
                | (Q(state=PieceState.RECEIVED, received_at__isnull=False) & ~Q(file=""))
                | (Q(state=PieceState.ACCEPTED, decided_at__isnull=False) & ~Q(file=""))
                | (Q(state=PieceState.REFUSED, decided_at__isnull=False) & ~Q(refusal_reason="")),
            ),
        ]


class Challenge(models.Model):
    """A challenge brought before the judge (référé précontractuel): while it lasts, nothing is signed."""

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="challenges")
    court = models.CharField(_("tribunal"), max_length=200)
    case_number = models.CharField(_("numéro de l'affaire"), max_length=60, blank=True)
    claimant = models.CharField(_("requérant"), max_length=200)
    filed_at = models.DateTimeField(_("notifié à l'acheteur le"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    outcome = models.TextField(_("issue"), blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(_("terminé le"), null=True, blank=True)

    class Meta:
        verbose_name = _("référé précontractuel")
        ordering = ["tender", "filed_at"]
        constraints = [
            models.CheckConstraint(
                name="challenge_ended_whole",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, outcome="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(outcome="")),
            )
        ]
        triggers = [pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete)]


class ReasonRequest(models.Model):
    """A firm asks for the detailed reasons; the buyer answers within fifteen days (R2181-2, R2181-4)."""

    offer = models.OneToOneField(Offer, on_delete=models.PROTECT, related_name="reason_request")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("demandés le"))
    due_date = models.DateField(_("réponse due le"))
    answer = models.TextField(_("réponse"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("répondu le"), null=True, blank=True)

    class Meta:
        verbose_name = _("demande de motifs")
        ordering = ["due_date"]
        constraints = [
            models.CheckConstraint(
                name="reasons_answered_whole",
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
            )
        ]
        triggers = [
            pgtrigger.ReadOnly(name="frozen", fields=["offer", "asked_by", "asked_at", "due_date"]),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
        ]
