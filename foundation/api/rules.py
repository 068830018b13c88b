from foundation.accounts.enums import ROLES_BY_KIND, Role
from foundation.accounts.selectors import has_role, organisation_ids
from foundation.api.models import AccessToken, Program

FOR_PEOPLE_ONLY = frozenset(
    {
        Role.ELECTED,
        Role.SIGNATORY,
        Role.CUSTODIAN,
        Role.EVALUATOR,
        Role.ORG_ADMIN,
        Role.CONCIERGE,
        Role.PLATFORM_ADMIN,
    }
)
"""Who signs, holds a key, gives a mark, speaks for the elected or gives rights is a person, never a program."""


def tokens_visible_to(user):
    """A token is seen and revoked by its owner only, the platform administrator included."""
    if not user.is_authenticated:
        return AccessToken.objects.none()
    return AccessToken.objects.filter(user=user)


def program_roles(organisation):
    """The roles that a program may hold in this organisation."""
    return [role for role in ROLES_BY_KIND[organisation.kind] if role not in FOR_PEOPLE_ONLY]


def can_manage_programs(user, organisation):
    """The administrators of an organisation open and close its programs; nobody does it for them."""
    return has_role(user, organisation, Role.ORG_ADMIN)


def programs_visible_to(user):
    """The programs of the organisations that the person administers."""
    return Program.objects.filter(organisation__in=organisation_ids(user, Role.ORG_ADMIN))
