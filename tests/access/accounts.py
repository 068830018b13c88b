"""Sign-in, people, organisations: each has its administrator, the platform's administers them all."""

from datetime import timedelta

from foundation.accounts.enums import Role
from tests.access.matrix import EVERYONE, SIGNED_IN, Row, both
from tests.accounts.factories import make_delegation, make_invitation, make_join_request, make_session

OWN_MEMBERS = frozenset({"*@own", "*@own-bystander", "platform_admin@platform"})
OWN_ADMINISTRATORS = frozenset({"org_admin@own*", "platform_admin@platform"})
PLATFORM = frozenset({"platform_admin@platform"})
FIRM_ADMINISTRATORS = frozenset({"org_admin@firm", "platform_admin@platform"})
NEWCOMER = frozenset({"newcomer@nowhere"})


def own_organisation(world):
    """The buyer's organisation."""
    return {"pk": world.own.pk}


def own_membership(world):
    """A role that may be taken back."""
    membership = world.user("auditor@own").memberships.get(role=Role.AUDITOR)
    return {"pk": world.own.pk, "membership_pk": membership.pk}


def api_membership(world):
    """The same, as the API names it."""
    found = own_membership(world)
    return {"pk": found["pk"], "membership_id": found["membership_pk"]}


def own_member(world):
    """Somebody who may be given one more role."""
    return {"pk": world.own.pk, "user_pk": world.user("auditor@own").pk}


def own_invitation(world):
    """An invitation of the buyer's organisation that waits for its answer."""
    return {"pk": make_invitation(world.own, world.user("org_admin@own"), email="invitee@example.org").pk}


def invitation_to_newcomer(world):
    """An invitation addressed to somebody who has an account and no role."""
    email = world.user("newcomer@nowhere").email
    return {"pk": make_invitation(world.own, world.user("org_admin@own"), email=email).pk}


def asked_of_firm(world):
    """A newcomer asks to join the firm."""
    return {"pk": make_join_request(world.firm, world.user("newcomer@nowhere")).pk}


def own_delegation(world):
    """The signatory stands aside for the buyer."""
    principal, delegate = world.user("signatory@own"), world.user("buyer@own")
    return {"pk": make_delegation(principal, delegate, world.own, Role.SIGNATORY).pk}


def own_session(world):
    """A browser where the newcomer is signed in."""
    return {"pk": make_session(world.user("newcomer@nowhere")).pk}


def somebody(world):
    """An open account."""
    return {"pk": world.user("newcomer@nowhere").pk}


def reset_key(world):
    """A link that leads nowhere any more: the page says so."""
    return {"uidb36": "1", "key": "abc-def"}


AFTER_SIGN_IN = {200, 302}
ROWS = {
    "account_login": both(allowed=EVERYONE, ok=AFTER_SIGN_IN),
    "account_logout": [
        Row(allowed=EVERYONE, ok=AFTER_SIGN_IN),
        Row(allowed=EVERYONE, method="post", ok={302}),
    ],
    "account_inactive": Row(allowed=EVERYONE),
    "account_signup": both(allowed=EVERYONE, ok=AFTER_SIGN_IN),
    "account_email_verification_sent": Row(allowed=EVERYONE, ok=AFTER_SIGN_IN),
    "account_confirm_email": Row(allowed=EVERYONE, make=lambda world: {"key": "nonsense"}),
    "account_change_password": both(allowed=SIGNED_IN),
    # Whoever already has a password is sent to the page that changes it.
    "account_set_password": both(allowed=SIGNED_IN, ok={302}),
    "account_reset_password": both(allowed=EVERYONE),
    "account_reset_password_done": Row(allowed=EVERYONE),
    "account_reset_password_from_key": both(allowed=EVERYONE, make=reset_key),
    "account_reset_password_from_key_done": Row(allowed=EVERYONE),
    "accounts:profile": both(allowed=SIGNED_IN),
    "accounts:organisation_list": Row(allowed=SIGNED_IN),
    "accounts:organisation_create": both(allowed=PLATFORM),
    "accounts:organisation_detail": Row(allowed=OWN_MEMBERS, make=own_organisation),
    "accounts:organisation_choose": Row(allowed=SIGNED_IN, method="post"),
    "accounts:member_add": both(allowed=OWN_ADMINISTRATORS, make=own_member),
    "accounts:invitation_send": both(allowed=OWN_ADMINISTRATORS, make=own_organisation),
    "accounts:invitation_send_again": Row(allowed=OWN_ADMINISTRATORS, make=own_invitation, method="post"),
    "accounts:invitation_revoke": Row(allowed=OWN_ADMINISTRATORS, make=own_invitation, method="post"),
    # A link that opens nothing any more says so to everyone.
    "accounts:invitation_answer": both(allowed=EVERYONE, make=lambda world: {"link": "nonsense"}, ok={410}),
    "accounts:invitation_accept": Row(allowed=NEWCOMER, make=invitation_to_newcomer, method="post"),
    "accounts:invitation_decline": Row(allowed=NEWCOMER, make=invitation_to_newcomer, method="post"),
    "accounts:firm_enter": both(allowed=SIGNED_IN),
    "accounts:join_request_accept": both(allowed=FIRM_ADMINISTRATORS, make=asked_of_firm),
    "accounts:join_request_refuse": Row(allowed=FIRM_ADMINISTRATORS, make=asked_of_firm, method="post"),
    "accounts:join_request_withdraw": Row(allowed=NEWCOMER, make=asked_of_firm, method="post"),
    "accounts:my_data": Row(allowed=SIGNED_IN),
    "accounts:my_data_download": Row(allowed=SIGNED_IN),
    "accounts:erasure_ask": both(allowed=PLATFORM | NEWCOMER, make=somebody),
    "api:me-data": Row(allowed=SIGNED_IN),
    "api:me-erase": Row(allowed=SIGNED_IN, method="post", data={"reason": "départ"}),
    "accounts:delegation_list": Row(allowed=SIGNED_IN),
    "accounts:delegation_give": both(allowed=SIGNED_IN),
    "accounts:delegation_revoke": Row(
        allowed={"signatory@own", "buyer@own", "org_admin@own*"}, make=own_delegation, method="post"
    ),
    "accounts:session_list": Row(allowed=SIGNED_IN),
    "accounts:session_close": Row(allowed=NEWCOMER, make=own_session, method="post"),
    "accounts:sessions_close_others": Row(allowed=SIGNED_IN, method="post"),
    "api:invitation-list": [
        Row(allowed=SIGNED_IN),
        Row(
            allowed=OWN_ADMINISTRATORS,
            method="post",
            data=lambda world: {
                "organisation_id": world.own.pk,
                "email": "neuve@example.org",
                "full_name": "Neuve",
                "roles": ["prescriber"],
            },
        ),
    ],
    "api:invitation-detail": Row(allowed=OWN_ADMINISTRATORS, make=own_invitation),
    "api:invitation-send-again": Row(allowed=OWN_ADMINISTRATORS, make=own_invitation, method="post"),
    "api:invitation-revoke": Row(allowed=OWN_ADMINISTRATORS, make=own_invitation, method="post"),
    "api:invitation-accept": Row(allowed=NEWCOMER, make=invitation_to_newcomer, method="post"),
    "api:invitation-decline": Row(allowed=NEWCOMER, make=invitation_to_newcomer, method="post"),
    "api:join-request-list": Row(allowed=SIGNED_IN),
    "api:join-request-detail": Row(allowed=FIRM_ADMINISTRATORS | NEWCOMER, make=asked_of_firm),
    "api:join-request-accept": Row(
        allowed=FIRM_ADMINISTRATORS, make=asked_of_firm, method="post", data={"roles": ["supplier"]}
    ),
    "api:join-request-refuse": Row(allowed=FIRM_ADMINISTRATORS, make=asked_of_firm, method="post"),
    "api:join-request-withdraw": Row(allowed=NEWCOMER, make=asked_of_firm, method="post"),
    "api:delegation-list": [
        Row(allowed=SIGNED_IN),
        Row(
            allowed={"signatory@own*"},
            method="post",
            data=lambda world: {
                "organisation_id": world.own.pk,
                "delegate_id": world.user("buyer@own").pk,
                "roles": ["signatory"],
                "starts_at": world.at.isoformat(),
                "ends_at": (world.at + timedelta(days=3)).isoformat(),
            },
        ),
    ],
    "api:delegation-detail": Row(
        allowed={"signatory@own", "buyer@own", "org_admin@own*"}, make=own_delegation
    ),
    "api:delegation-revoke": Row(
        allowed={"signatory@own", "buyer@own", "org_admin@own*"}, make=own_delegation, method="post"
    ),
    "accounts:member_remove": both(allowed=OWN_ADMINISTRATORS, make=own_membership),
    "accounts:user_list": Row(allowed=PLATFORM),
    "accounts:user_detail": Row(allowed=PLATFORM, make=somebody),
    "accounts:user_deactivate": Row(allowed=PLATFORM, make=somebody, method="post"),
    "accounts:user_activate": Row(allowed=PLATFORM, make=somebody, method="post"),
    "api:me-list": Row(allowed=SIGNED_IN),
    "api:organisation-list": [
        Row(allowed=SIGNED_IN),
        Row(
            allowed=PLATFORM,
            method="post",
            data={"kind": "buyer", "name": "Ville", "siret": "13002526500013"},
        ),
    ],
    "api:organisation-detail": Row(allowed=OWN_MEMBERS, make=own_organisation),
    "api:organisation-members": [
        Row(allowed=OWN_MEMBERS, make=own_organisation),
        Row(
            allowed=OWN_ADMINISTRATORS,
            make=own_organisation,
            method="post",
            data=lambda world: {"user_id": world.user("auditor@own").pk, "role": "prescriber"},
        ),
    ],
    "api:organisation-remove-member": Row(allowed=OWN_ADMINISTRATORS, make=api_membership, method="delete"),
}
