"""Sign-in, people, organisations: each has its administrator, the platform's administers them all."""

from foundation.accounts.enums import Role
from tests.access.matrix import EVERYONE, SIGNED_IN, Row, both

OWN_MEMBERS = frozenset({"*@own", "*@own-bystander", "platform_admin@platform"})
OWN_ADMINISTRATORS = frozenset({"org_admin@own*", "platform_admin@platform"})
PLATFORM = frozenset({"platform_admin@platform"})


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
    "accounts:member_add": both(allowed=OWN_ADMINISTRATORS, make=own_organisation),
    "accounts:member_remove": Row(allowed=OWN_ADMINISTRATORS, make=own_membership, method="post"),
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
            data={"email": "neuve@example.org", "full_name": "Neuve", "role": "auditor"},
        ),
    ],
    "api:organisation-remove-member": Row(allowed=OWN_ADMINISTRATORS, make=api_membership, method="delete"),
}
