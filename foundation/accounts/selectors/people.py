"""Who belongs where, is invited there, or asks to be."""

from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, Model, Q, QuerySet

from foundation.accounts import perimeters
from foundation.accounts.enums import ApprovalState, InvitationState, JoinRequestState
from foundation.accounts.invitations import digest_of_link
from foundation.accounts.models import Approval, Invitation, JoinRequest, Membership, Organisation, User
from foundation.accounts.selectors.roles import organisation_ids


def users_with_role(organisation: Organisation, *roles: str, about: Model | None = None) -> QuerySet[User]:
    """People of `organisation` with one of `roles`, or to whom one is lent now; each once, by name.

    With `about`, those to whom a role is lent for an object inside which it lies are among them.

    Closed accounts and programs are left out: nobody reads what is sent to them.
    """
    people = User.objects.filter(is_active=True, is_program=False)
    if not roles:
        return people.filter(pk__in=organisation.memberships.values("user_id"))
    own = organisation.memberships.filter(role__in=roles).values("user_id")
    within = Q(perimeter_type="")
    for code, key in perimeters.around(about) if about is not None else ():
        within |= Q(perimeter_type=code, perimeter_id=key)
    lent = organisation.delegations.in_force().filter(within, role__in=roles).values("delegate_id")
    return people.filter(Q(pk__in=own) | Q(pk__in=lent))


def colleagues(user) -> QuerySet[User]:
    """The other people of the organisations of `user`, by name, with where they belong."""
    shared = Membership.objects.filter(organisation_id__in=organisation_ids(user))
    people = User.objects.filter(is_active=True, is_program=False).exclude(pk=user.pk)
    return people.filter(pk__in=shared.values("user_id"))


@dataclass(frozen=True, slots=True)
class Member:
    """A person of an organisation, with the roles held there."""

    user: User
    memberships: tuple[Membership, ...]


def members_of(organisation: Organisation) -> list[Member]:
    """The people of `organisation` with their roles, by name."""
    rows = organisation.memberships.select_related("user").order_by("user__full_name", "user_id", "role")
    return [Member(user, tuple(held)) for user, held in groupby(rows, key=lambda row: row.user)]


def open_invitations(organisation: Organisation) -> QuerySet[Invitation]:
    """The invitations that wait for an answer or may be sent again."""
    return organisation.invitations.filter(
        state__in=[InvitationState.PENDING, InvitationState.EXPIRED]
    ).select_related("invited_by")


def pending_requests(organisation: Organisation) -> QuerySet[JoinRequest]:
    """The requests to belong to `organisation` that wait for an answer."""
    return organisation.join_requests.filter(state=JoinRequestState.PENDING).select_related("user")


def invitation_of_link(link: str, at) -> Invitation | None:
    """The invitation that this link opens at `at`; None when it is not ours, was answered, replaced or expired."""
    digest = digest_of_link(link)
    if digest is None:
        return None
    rows = Invitation.objects.select_related("organisation", "invited_by")
    return rows.filter(secret_digest=digest, state=InvitationState.PENDING, expires_at__gt=at).first()


def roles_awaited(user) -> QuerySet[Approval]:
    """The roles asked for this person that do not count yet: somebody must confirm, or a delay must pass."""
    waiting = Approval.objects.filter(state__in=[ApprovalState.ASKED, ApprovalState.DELAYED])
    return waiting.filter(facts__change__user=user.pk).select_related("asked_by", "organisation")


def address_has_account(email: str) -> bool:
    """Whether an account bears this address: told only to who proved to read its mail."""
    return User.objects.filter(email=email).exists()


def invitations_to_answer(user, at) -> QuerySet[Invitation]:
    """What was offered to the address of `user` and still waits."""
    mine = Invitation.objects.filter(email=user.email, state=InvitationState.PENDING, expires_at__gt=at)
    return mine.select_related("organisation", "invited_by")


def accounts_in_brief() -> dict[str, int]:
    """How many organisations, open and closed accounts there are, for who administers the platform."""
    users = User.objects.aggregate(
        opened=Count("pk", filter=Q(is_active=True)), closed=Count("pk", filter=Q(is_active=False))
    )
    return {**users, "organisations": Organisation.objects.count()}
