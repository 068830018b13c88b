"""Writes on people, organisations and roles: each service is one transaction, locked, journalled."""

from foundation.accounts.services.delegations import delegation_revoke, delegations_give, delegations_warn
from foundation.accounts.services.members import member_invite, membership_add, membership_remove
from foundation.accounts.services.organisations import PROFILE_FIELDS, organisation_create, supplier_register
from foundation.accounts.services.people import user_activate, user_create, user_deactivate, user_rename

__all__ = [
    "PROFILE_FIELDS",
    "delegation_revoke",
    "delegations_give",
    "delegations_warn",
    "member_invite",
    "membership_add",
    "membership_remove",
    "organisation_create",
    "supplier_register",
    "user_activate",
    "user_create",
    "user_deactivate",
    "user_rename",
]
