"""People, organisations, the roles that tie them, and the roles lent for a time."""

from foundation.accounts.models.delegations import Delegation
from foundation.accounts.models.people import Membership, Organisation, User, UserManager, validate_siret

__all__ = ["Delegation", "Membership", "Organisation", "User", "UserManager", "validate_siret"]
