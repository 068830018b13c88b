"""The second factor: whose roles demand one, and whether a session has given it.

A code from an application (TOTP, RFC 6238) or a recovery code; django-allauth keeps them, encrypted.
"""

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings

from foundation.accounts import selectors
from foundation.accounts.enums import Role

DEMANDING_ROLES = (
    Role.SIGNATORY,
    Role.CUSTODIAN,
    Role.ORG_ADMIN,
    Role.FRAMEWORK_ADMIN,
    Role.PLATFORM_ADMIN,
)
"""Roles that sign, open bids or give rights: a stolen password must not be enough."""


def is_required(user) -> bool:
    """Whether a role of `user`, own or lent, be it for one object, demands a second factor on this installation."""
    if not settings.SECOND_FACTOR_REQUIRED:
        return False
    held = (*selectors.roles_held(user), *selectors.roles_limited(user))
    return any(one.role in DEMANDING_ROLES for one in held)


def is_enrolled(user) -> bool:
    """Whether `user` has an application that gives codes."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def is_lacking(user) -> bool:
    """Whether a role of `user` demands a second factor that was never set up: its tokens then open nothing.

    A program has none: whoever gave it its token had passed.
    """
    return not user.is_program and is_required(user) and not is_enrolled(user)


def has_passed(request) -> bool:
    """Whether a second factor was given in the session of `request`, to us or to the identity provider."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))


def is_missing(request) -> bool:
    """Whether the person must give a second factor before anything else."""
    return is_required(request.user) and not has_passed(request)
