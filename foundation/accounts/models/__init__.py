"""People, organisations, the roles that tie them, roles lent for a time, acts that wait for a second person."""

from foundation.accounts.models.approvals import Approval
from foundation.accounts.models.delegations import Delegation
from foundation.accounts.models.joining import Invitation, JoinRequest, Registration
from foundation.accounts.models.people import Membership, Organisation, User, UserManager, validate_siret
from foundation.accounts.models.sign_in import KnownDevice, SignInFailures

__all__ = [
    "Approval",
    "Delegation",
    "Invitation",
    "JoinRequest",
    "KnownDevice",
    "Membership",
    "Organisation",
    "Registration",
    "SignInFailures",
    "User",
    "UserManager",
    "validate_siret",
]
