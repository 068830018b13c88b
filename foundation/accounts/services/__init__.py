"""Writes on people, organisations and roles: each service is one transaction, locked, journalled."""

from foundation.accounts.services.delegations import delegation_revoke, delegations_give, delegations_warn
from foundation.accounts.services.invitations import (
    invitation_accept,
    invitation_accept_as_new,
    invitation_decline,
    invitation_revoke,
    invitation_send,
    invitation_send_again,
    invitations_expire,
)
from foundation.accounts.services.joining import (
    firm_enter,
    join_request_accept,
    join_request_refuse,
    join_request_withdraw,
    registration_complete,
    registrations_forget,
    supplier_register,
)
from foundation.accounts.services.members import membership_add, membership_remove
from foundation.accounts.services.organisations import PROFILE_FIELDS, organisation_create
from foundation.accounts.services.people import (
    organisation_choose,
    sessions_close,
    user_activate,
    user_create,
    user_deactivate,
    user_rename,
)

__all__ = [
    "PROFILE_FIELDS",
    "delegation_revoke",
    "delegations_give",
    "delegations_warn",
    "firm_enter",
    "invitation_accept",
    "invitation_accept_as_new",
    "invitation_decline",
    "invitation_revoke",
    "invitation_send",
    "invitation_send_again",
    "invitations_expire",
    "join_request_accept",
    "join_request_refuse",
    "join_request_withdraw",
    "membership_add",
    "membership_remove",
    "organisation_choose",
    "organisation_create",
    "registration_complete",
    "registrations_forget",
    "sessions_close",
    "supplier_register",
    "user_activate",
    "user_create",
    "user_deactivate",
    "user_rename",
]
