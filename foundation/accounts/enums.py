"""Kinds of organisation and roles, with their French labels."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrganisationKind(models.TextChoices):
    """What an organisation is on the platform."""

    BUYER = "buyer", _("Acheteur public")
    SUPPLIER = "supplier", _("Entreprise")
    OTHER = "other", _("Autre organisation")


class Role(models.TextChoices):
    """What a person does in an organisation. One person may hold several."""

    BUYER = "buyer", _("Acheteur")
    PRESCRIBER = "prescriber", _("Prescripteur")
    PRODUCT_OWNER = "product_owner", _("Responsable de produit")
    ELECTED = "elected", _("Élu")
    RESERVIST = "reservist", _("Acheteur réserviste")
    SIGNATORY = "signatory", _("Signataire")
    CUSTODIAN = "custodian", _("Dépositaire des clés")
    EVALUATOR = "evaluator", _("Évaluateur")
    AUDITOR = "auditor", _("Auditeur")
    FRAMEWORK_ADMIN = "framework_admin", _("Administrateur d’accords-cadres")
    SUPPLIER = "supplier", _("Fournisseur")
    ORG_ADMIN = "org_admin", _("Administrateur de l’organisation")
    CONCIERGE = "concierge", _("Concierge des achats")
    PLATFORM_ADMIN = "platform_admin", _("Administrateur de la plateforme")


class ApprovalState(models.TextChoices):
    """Where an act that needs a second person stands."""

    ASKED = "asked", _("À confirmer")
    DELAYED = "delayed", _("Confirmée, pas encore en vigueur")
    CONFIRMED = "confirmed", _("Confirmée")
    REFUSED = "refused", _("Refusée")
    OPPOSED = "opposed", _("Arrêtée par une opposition")
    LAPSED = "lapsed", _("Caduque")


class InvitationState(models.TextChoices):
    """Where an invitation stands."""

    PENDING = "pending", _("En attente")
    ACCEPTED = "accepted", _("Acceptée")
    DECLINED = "declined", _("Déclinée")
    REVOKED = "revoked", _("Révoquée")
    EXPIRED = "expired", _("Expirée")


class JoinRequestState(models.TextChoices):
    """Where a request to belong to an organisation stands."""

    PENDING = "pending", _("En attente")
    ACCEPTED = "accepted", _("Acceptée")
    REFUSED = "refused", _("Refusée")
    WITHDRAWN = "withdrawn", _("Retirée")


ROLES_BY_KIND = {
    OrganisationKind.BUYER: (
        Role.BUYER,
        Role.PRESCRIBER,
        Role.PRODUCT_OWNER,
        Role.ELECTED,
        Role.RESERVIST,
        Role.SIGNATORY,
        Role.CUSTODIAN,
        Role.EVALUATOR,
        Role.AUDITOR,
        Role.FRAMEWORK_ADMIN,
        Role.ORG_ADMIN,
    ),
    OrganisationKind.SUPPLIER: (Role.SUPPLIER, Role.ORG_ADMIN),
    OrganisationKind.OTHER: (Role.CONCIERGE, Role.ORG_ADMIN, Role.PLATFORM_ADMIN),
}
"""Roles that make sense in each kind of organisation: a firm's member never gets a buyer's right (I1)."""
