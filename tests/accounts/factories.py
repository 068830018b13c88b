"""Plain functions that make people and organisations for tests."""

import itertools
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from stdnum import luhn

from foundation.accounts import services
from foundation.accounts.approvals import services as approvals
from foundation.accounts.approvals.rules import confirmers_of
from foundation.accounts.enums import OrganisationKind, Role
from foundation.accounts.models import (
    Approval,
    Delegation,
    Invitation,
    JoinRequest,
    Membership,
    Organisation,
    User,
)
from foundation.clock import now

PASSWORD = "motdepasse-de-test"
_numbers = itertools.count(1)


def make_siret() -> str:
    """A SIRET that no other test uses, with right check digits for its SIREN and itself."""
    siren = f"{80_000_000 + next(_numbers):08d}"
    siren += luhn.calc_check_digit(siren)
    return (nic := f"{siren}0001") + luhn.calc_check_digit(nic)


def make_user(email: str = "", **fields) -> User:
    """An active person whose password is PASSWORD."""
    number = next(_numbers)
    fields.setdefault("full_name", f"Camille Test {number}")
    return User.objects.create_user(email or f"personne{number}@example.org", PASSWORD, **fields)


def make_organisation(kind: str, **fields) -> Organisation:
    """An organisation of `kind` with a valid SIRET."""
    fields.setdefault("name", f"Organisation {next(_numbers)}")
    return Organisation.objects.create(kind=kind, siret=fields.pop("siret", "") or make_siret(), **fields)


def make_buyer_org(**fields) -> Organisation:
    """A public buyer."""
    return make_organisation(OrganisationKind.BUYER, **fields)


def make_supplier_org(**fields) -> Organisation:
    """A firm."""
    return make_organisation(OrganisationKind.SUPPLIER, **fields)


def make_member(organisation: Organisation, *roles: str, **fields) -> User:
    """A new person with `roles` in `organisation`."""
    user = make_user(**fields)
    for role in roles:
        Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


def make_platform_admin() -> User:
    """The person who administers accounts and sees no bid."""
    return make_member(make_organisation(OrganisationKind.OTHER), Role.PLATFORM_ADMIN)


def confirm_roles(at=None) -> None:
    """Everything that waits for a second person and its delay is confirmed, by whoever may."""
    at = at or now()
    for approval in Approval.objects.filter(state="asked"):
        by = confirmers_of(approval).first()
        approvals.approval_confirm(
            approval=approval, digest=approval.digest, by=by, at=approval.outside_from_at or at
        )
    approvals.approvals_take_effect(at=at + timedelta(days=30))


def make_delegation(
    principal: User, delegate: User, organisation: Organisation, role: str, **fields
) -> Delegation:
    """A delegation in force since yesterday, for a month."""
    starts_at = fields.pop("starts_at", now() - timedelta(days=1))
    fields.setdefault("ends_at", starts_at + timedelta(days=30))
    return Delegation.objects.create(
        principal=principal,
        delegate=delegate,
        organisation=organisation,
        role=role,
        starts_at=starts_at,
        given_at=fields.pop("given_at", starts_at),
        **fields,
    )


def make_invitation(organisation: Organisation, by: User | None, **fields) -> Invitation:
    """An invitation that waits for its answer; its secret is on `secret`."""
    asked = {
        "email": f"invitee{next(_numbers)}@example.org",
        "full_name": "Personne Invitée",
        "roles": ["prescriber"],
    }
    invitation, secret = services.invitation_send(
        organisation=organisation, **{**asked, **fields}, by=by, at=fields.pop("at", now())
    )
    invitation.secret = secret
    return invitation


def make_join_request(organisation: Organisation, user: User, **fields) -> JoinRequest:
    """Somebody who asks to be let in."""
    return JoinRequest.objects.create(organisation=organisation, user=user, asked_at=now(), **fields)


def make_session(user: User) -> UserSession:
    """A browser where this person is signed in."""
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "foundation.accounts.acting.SignInBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return UserSession.objects.create(
        user=user,
        session_key=store.session_key,
        ip="192.0.2.17",
        user_agent="Mozilla/5.0 (X11; Linux) Firefox/130",
    )
