"""The acts of this app that wait for a second person: giving a role that reads, signs or gives rights, reopening an
account.
"""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from foundation.accounts import legal
from foundation.accounts.approvals import registry, services
from foundation.accounts.approvals.registry import ApprovalAction
from foundation.accounts.enums import OrganisationKind, Role
from foundation.accounts.models import Membership, User
from foundation.accounts.selectors import has_role, users_with_role
from foundation.errors import Refusal

GIVE_ROLE = "accounts.give_role"
GIVE_PLATFORM_ROLE = "accounts.give_platform_role"
REOPEN_ACCOUNT = "accounts.reopen_account"
CONFIRMED_ROLES = (
    Role.SIGNATORY,
    Role.CUSTODIAN,
    Role.BUYER,
    Role.EVALUATOR,
    Role.AUDITOR,
    Role.ORG_ADMIN,
    Role.PLATFORM_ADMIN,
)
"""Roles that nobody gives alone: they sign, open bids, read offers and scores, or give these roles to others."""


def role_needs_second_person(organisation, role, by) -> bool:
    """Whether giving `role` here waits for a second person.

    The only administrator of a firm names another one alone: he already acts for it, and nobody reads more by it.
    """
    if role not in CONFIRMED_ROLES:
        return False
    own_firm = organisation.kind == OrganisationKind.SUPPLIER and has_role(by, organisation, Role.ORG_ADMIN)
    return not own_firm or _other_administrators(organisation, by).exists()


def outside_from(organisation, by, at):
    """From when the platform's administrators may confirm a role given here by `by`; None: only those of the house.

    An administrator of the house who has a colleague asks him. Alone, he asks the platform. Somebody from outside asks
    the house first, and the platform when it has no administrator, or when he does not answer.
    """
    has_colleague = _other_administrators(organisation, by).exists()
    if has_role(by, organisation, Role.ORG_ADMIN):
        return None if has_colleague else at
    return at + legal.delay(legal.HOUSE_ANSWERS_WITHIN, at) if has_colleague else at


def reopening_needs_second_person() -> bool:
    """Whether opening a closed account again waits for another administrator of the platform."""
    return _platform_administrators().count() >= 2


def nobody_confirms(organisation, role, by) -> bool:
    """Whether a role that waits for a second person would wait for nobody: there is one administrator in all."""
    if not role_needs_second_person(organisation, role, by):
        return False
    in_house = role != Role.PLATFORM_ADMIN and _other_administrators(organisation, by).exists()
    return not in_house and not _platform_administrators().exclude(pk=by.pk).exists()


def ask_to_give_role(*, organisation, user, role, by, at):
    """Have another administrator confirm this role; the roles held meanwhile are told, not supposed."""
    held = user.memberships.filter(organisation=organisation).order_by("role").values_list("role", flat=True)
    change = {"user": user.pk, "name": str(user), "role": str(role), "held": list(held)}
    if role == Role.PLATFORM_ADMIN:
        return services.approval_ask(
            action=GIVE_PLATFORM_ROLE, obj=organisation, change=change, organisation=None, by=by, at=at
        )
    return services.approval_ask(
        action=GIVE_ROLE,
        obj=organisation,
        change=change,
        organisation=organisation,
        outside_from_at=outside_from(organisation, by, at),
        by=by,
        at=at,
    )


def ask_to_reopen(*, user, reason, by, at):
    """Have another administrator of the platform confirm that this account opens again."""
    change = {"name": str(user), "reason": reason}
    return services.approval_ask(
        action=REOPEN_ACCOUNT, obj=user, change=change, organisation=None, reason=reason, by=by, at=at
    )


def _other_administrators(organisation, by):
    return users_with_role(organisation, Role.ORG_ADMIN).exclude(pk=by.pk)


def _delay_of_role(approval, by, at):
    """A role that only people from outside asked and confirmed: whoever is of the house has time to oppose it."""
    house = approval.organisation
    if any(has_role(person, house) for person in (approval.asked_by, by)) or not house.memberships.exists():
        return None
    return legal.delay(legal.OPPOSITION_OPEN_FOR, at)


def _platform_administrators():
    return User.objects.filter(is_active=True, memberships__role=Role.PLATFORM_ADMIN).distinct()


def _account_of(organisation, change):
    """The person's account, and that the role is not held yet: otherwise the request is to be made again."""
    user = User.objects.filter(pk=change["user"]).first()
    if user is None:
        raise Refusal(_now("Cette personne n’a plus de compte."), code="conflict")
    held = Membership.objects.filter(organisation=organisation, user=user, role=change["role"]).exists()
    return {"is_active": user.is_active, "email": user.email, "held": held}


def _describe_role(facts):
    yield _now("Personne"), facts["change"]["name"]
    yield _now("Adresse"), facts["object"]["email"]
    yield _now("Rôle demandé"), Role(facts["change"]["role"]).label
    held = ", ".join(str(Role(role).label) for role in facts["change"]["held"])
    yield _now("Rôles tenus ici lors de la demande"), held or _now("aucun")


def _give_role(approval, organisation, *, by, at):
    from foundation.accounts.services.members import membership_add

    change = approval.facts["change"]
    membership_add(
        organisation=organisation,
        user=User.objects.get(pk=change["user"]),
        role=change["role"],
        by=approval.asked_by,
        confirmed_by=by,
        at=at,
    )


def _account_state(user, change):
    return {"is_active": user.is_active, "email": user.email, "roles": _all_roles(user)}


def _all_roles(user):
    rows = user.memberships.order_by("organisation__name", "role").values_list("organisation__name", "role")
    return [[organisation, role] for organisation, role in rows]


def _describe_account(facts):
    yield _now("Personne"), facts["change"]["name"]
    yield _now("Adresse"), facts["object"]["email"]
    yield _now("Motif"), facts["change"]["reason"]
    roles = [f"{Role(role).label}, {organisation}" for organisation, role in facts["object"]["roles"]]
    yield _now("Rôles que le compte retrouvera"), " ; ".join(roles) or _now("aucun")


def _reopen(approval, user, *, by, at):
    from foundation.accounts.services.people import user_activate

    reason = approval.facts["change"]["reason"]
    user_activate(user=user, reason=reason, by=approval.asked_by, confirmed_by=by, at=at)


def declare() -> None:
    """Fill the registry."""
    registry.register(
        ApprovalAction(
            code=GIVE_ROLE,
            label=_("Donner un rôle qui lit les offres, signe ou administre"),
            roles=(Role.ORG_ADMIN,),
            outside_roles=(Role.PLATFORM_ADMIN,),
            delay_of=_delay_of_role,
            state_of=_account_of,
            describe=_describe_role,
            perform=_give_role,
        )
    )
    registry.register(
        ApprovalAction(
            code=GIVE_PLATFORM_ROLE,
            label=_("Nommer un administrateur de la plateforme"),
            roles=(Role.PLATFORM_ADMIN,),
            state_of=_account_of,
            describe=_describe_role,
            perform=_give_role,
        )
    )
    registry.register(
        ApprovalAction(
            code=REOPEN_ACCOUNT,
            label=_("Rouvrir un compte fermé"),
            roles=(Role.PLATFORM_ADMIN,),
            state_of=_account_state,
            describe=_describe_account,
            perform=_reopen,
        )
    )
