"""Invitations: sent, sent again, revoked, answered. An address that bears an account is treated as any other."""

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts import invitations, legal, rules
from foundation.accounts.enums import ROLES_BY_KIND, InvitationState
from foundation.accounts.models import Invitation, Organisation, User
from foundation.accounts.services.members import giver_against, membership_write, roles_against
from foundation.accounts.services.people import user_insert
from foundation.accounts.services.rows import forbidden
from foundation.accounts.workflow import INVITATION
from foundation.errors import Reason, Refusal
from foundation.journal import services as journal


@transaction.atomic
def invitation_send(*, organisation, email, full_name, roles, by, at) -> tuple[Invitation, str]:
    """Offer `roles` to an address. Returns the invitation and the secret of its link, to be sent by the door.

    Raises Refusal: not an administrator, a role that does not exist in such an organisation, somebody already
    invited or already a member here. What it answers never tells whether the address bears an account.
    """
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if by is not None and not rules.can_manage_members(by, organisation):
        raise forbidden(_("Les invitations sont envoyées par l’administrateur de l’organisation."))
    email, roles = email.strip().lower(), list(dict.fromkeys(roles))
    reasons = list(_against(organisation, email, roles, by))
    if reasons:
        raise Refusal.of(reasons)
    secret, digest = invitations.new_secret()
    invitation = Invitation.objects.create(
        organisation=organisation,
        email=email,
        full_name=full_name.strip(),
        roles=roles,
        secret_digest=digest,
        invited_by=by,
        sent_at=at,
        expires_at=at + legal.INVITATION_LIFETIME,
    )
    _record("accounts.send_invitation", invitation, by=by, at=at)
    return invitation, secret


@transaction.atomic
def invitation_send_again(*, invitation, by, at) -> tuple[Invitation, str]:
    """A new link, for a new delay; the former link opens nothing any more."""
    invitation = _locked(invitation)
    INVITATION.apply(invitation, "send_again", by=by, at=at)
    secret, invitation.secret_digest = invitations.new_secret()
    invitation.settled_at, invitation.invited_by = None, by
    invitation.sent_at, invitation.expires_at = at, at + legal.INVITATION_LIFETIME
    invitation.save()
    _record("accounts.send_invitation", invitation, by=by, at=at)
    return invitation, secret


@transaction.atomic
def invitation_revoke(*, invitation, by, at) -> Invitation:
    """Take an offer back: its link opens nothing any more."""
    return _settle(invitation, "revoke", by=by, at=at)


@transaction.atomic
def invitation_decline(*, invitation, by, at) -> Invitation:
    """The person invited does not want to."""
    return _settle(invitation, "decline", by=by, at=at)


@transaction.atomic
def invitation_accept(*, invitation, by, at) -> Invitation:
    """The account that bears the address takes the roles offered. Raises Refusal: expired, already answered.

    The roles are judged again: what the organisation or the person became since decides.
    """
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=invitation.organisation_id)
    invitation = _locked(invitation)
    INVITATION.apply(invitation, "accept", by=by, at=at)
    held = set(organisation.memberships.filter(user=by).values_list("role", flat=True))
    wanted = [role for role in invitation.roles if role not in held]
    reasons = [reason for role in wanted for reason in roles_against(organisation, by, role)]
    if reasons:
        raise Refusal.of(reasons)
    invitation.settled_at, invitation.accepted_by = at, by
    invitation.save(update_fields=["state", "settled_at", "accepted_by"])
    _record("accounts.accept_invitation", invitation, by=by, at=at)
    for role in wanted:
        membership_write(
            organisation=organisation, user=by, role=role, by=by, at=at, giver=invitation.invited_by
        )
    return invitation


@transaction.atomic
def invitation_accept_as_new(*, invitation, full_name, password, at) -> User:
    """Open the account of the person invited, whose address is proven by the link, and accept. Returns the user."""
    user = user_insert(email=invitation.email, full_name=full_name, password=password)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    journal.record(by=user, action="accounts.create_user", obj=user, at=at, after={"user": user.pk})
    invitation_accept(invitation=invitation, by=user, at=at)
    return user


@transaction.atomic
def invitations_expire(*, at) -> int:
    """Close the invitations whose time has passed. Returns how many."""
    due = Invitation.objects.select_for_update(of=("self",), skip_locked=True).select_related("organisation")
    expired = list(due.filter(state=InvitationState.PENDING, expires_at__lte=at).order_by("pk"))
    for invitation in expired:
        _settle(invitation, "expire", by=None, at=at)
    return len(expired)


def _locked(invitation) -> Invitation:
    rows = Invitation.objects.select_related("organisation", "invited_by")
    return rows.select_for_update(of=("self",)).get(pk=invitation.pk)


def _settle(invitation, transition, *, by, at) -> Invitation:
    invitation = _locked(invitation)
    INVITATION.apply(invitation, transition, by=by, at=at)
    invitation.settled_at = at
    invitation.save(update_fields=["state", "settled_at"])
    _record(f"accounts.{transition}_invitation", invitation, by=by, at=at)
    return invitation


def _against(organisation, email, roles, by):
    """What forbids inviting this address here with these roles."""
    if not roles:
        yield Reason(_("Choisissez au moins un rôle."), "roles")
    for role in roles:
        if role not in ROLES_BY_KIND[organisation.kind]:
            yield Reason(
                _("Ce rôle n’existe pas dans une organisation de cette nature : choisissez-en un autre."),
                "roles",
            )
        yield from giver_against(organisation, role, by, field="roles")
    if organisation.memberships.filter(user__email=email).exists():
        yield Reason(
            _("Cette personne est déjà membre : donnez-lui un autre rôle depuis la liste des membres."),
            "email",
            code="conflict",
        )
    if organisation.invitations.filter(email=email, state=InvitationState.PENDING).exists():
        yield Reason(
            _("Cette adresse est déjà invitée : envoyez l’invitation à nouveau, ou révoquez-la."),
            "email",
            code="conflict",
        )


def _record(action, invitation, *, by, at):
    facts = {"email": invitation.email, "roles": invitation.roles, "state": invitation.state}
    journal.record(
        by=by,
        action=action,
        obj=invitation.organisation,
        at=at,
        reason=f"{invitation.full_name} : {invitation.role_labels}",
        after=facts,
        organisation=invitation.organisation,
    )
