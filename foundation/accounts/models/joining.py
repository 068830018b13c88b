"""How one comes to belong to an organisation: invited, registered with its SIRET, or let in on request."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.accounts.enums import InvitationState, JoinRequestState, Role
from foundation.accounts.models.people import Organisation, User, validate_siret


class Invitation(models.Model):
    """An offer of roles made to an address, whether or not an account bears it: the answer does not tell which.

    The link sent holds a secret of which only the SHA-256 is kept; sent again, the former link opens nothing.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField(_("adresse électronique"), max_length=254)
    full_name = models.CharField(_("nom complet"), max_length=150)
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices), verbose_name=_("rôles"))
    state = models.CharField(
        _("état"), max_length=12, choices=InvitationState.choices, default=InvitationState.PENDING
    )
    secret_digest = models.CharField(_("empreinte du lien"), max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(_("envoyée le"))
    expires_at = models.DateTimeField(_("valable jusqu’au"))
    settled_at = models.DateTimeField(_("close le"), null=True, blank=True)
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-sent_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email"], condition=Q(state="pending"), name="invitation_pending_once"
            ),
            models.CheckConstraint(
                condition=Q(state="pending", settled_at=None)
                | (~Q(state="pending") & Q(settled_at__isnull=False)),
                name="invitation_settled_has_date",
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", accepted_by__isnull=False)
                | (~Q(state="accepted") & Q(accepted_by=None)),
                name="invitation_accepted_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("sent_at")), name="invitation_expires"
            ),
            models.CheckConstraint(condition=Q(roles__len__gt=0), name="invitation_gives_roles"),
        ]

    def __str__(self) -> str:
        return f"{self.email}, {self.organisation}"

    @property
    def role_labels(self) -> str:
        """The roles offered, in French."""
        return ", ".join(str(Role(role).label) for role in self.roles)


class Registration(models.Model):
    """What a person typed about a firm, kept until the address of the account is proven: no firm exists before."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="registration")
    name = models.CharField(_("nom"), max_length=200)
    siret = models.CharField(_("SIRET"), max_length=14, validators=[validate_siret])
    address = models.CharField(_("adresse"), max_length=250, blank=True)
    postal_code = models.CharField(_("code postal"), max_length=10, blank=True)
    city = models.CharField(_("commune"), max_length=120, blank=True)
    asked_at = models.DateTimeField(_("demandée le"))

    class Meta:
        verbose_name = _("inscription en attente")
        verbose_name_plural = _("inscriptions en attente")
        ordering = ["asked_at"]

    def __str__(self) -> str:
        return f"{self.name} ({self.siret})"


class JoinRequest(models.Model):
    """Somebody asks to belong to a firm that is already registered; its administrators answer."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="join_requests")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="join_requests")
    message = models.CharField(_("message"), max_length=300, blank=True)
    state = models.CharField(
        _("état"), max_length=12, choices=JoinRequestState.choices, default=JoinRequestState.PENDING
    )
    asked_at = models.DateTimeField(_("demandée le"))
    decided_at = models.DateTimeField(_("décidée le"), null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("demande de rattachement")
        verbose_name_plural = _("demandes de rattachement")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user"],
                condition=Q(state="pending"),
                name="join_request_pending_once",
            ),
            models.CheckConstraint(
                condition=Q(state="pending", decided_at=None, decided_by=None)
                | (~Q(state="pending") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="join_request_decided_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.organisation}"
