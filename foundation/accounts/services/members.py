"""Roles given and taken back. `by=None` is the platform itself."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts import notifications, rules
from foundation.accounts.approvals import actions as approvals
from foundation.accounts.enums import ROLES_BY_KIND, Role
from foundation.accounts.models import Approval, Delegation, Membership, Organisation
from foundation.accounts.selectors import forget_roles
from foundation.accounts.services.delegations import lapse
from foundation.accounts.services.rows import forbidden
from foundation.errors import Reason, Refusal
from foundation.journal import services as journal


@transaction.atomic
def membership_add(*, organisation, user, role, by, at, confirmed_by=None):
    """Give `role` in `organisation`: nobody gives himself one, a firm's member never gets a buyer's.

    Returns the membership, or the request when a second person (`confirmed_by`) must first confirm it.
    """
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    _check_may_manage(organisation, by)
    reasons = [*_against_giver(organisation, user, role, by), *roles_against(organisation, user, role)]
    if reasons:
        raise Refusal.of(reasons)
    return membership_write(
        organisation=organisation, user=user, role=role, by=by, at=at, confirmed_by=confirmed_by
    )


def membership_write(
    *, organisation, user, role, by, at, giver=None, confirmed_by=None
) -> Membership | Approval:
    """Write a role that was judged, and its line in the journal.

    A role that reads offers, signs or gives rights waits for a second person: a request is returned, made in the name
    of `giver`, who offered the role (`by` unless it is given; nobody when the platform itself gives it).
    """
    giver = giver or by
    if giver and not confirmed_by and approvals.role_needs_second_person(organisation, role, giver):
        return approvals.ask_to_give_role(organisation=organisation, user=user, role=role, by=giver, at=at)
    membership = Membership.objects.create(user=user, organisation=organisation, role=role)
    forget_roles(user)
    action = "accounts.take_role" if user == by else "accounts.add_membership"
    _record_membership(action, membership, by, at, after=_membership_facts(membership))
    return membership


@transaction.atomic
def membership_remove(*, membership, by, at):
    """Take a role back and tell who held it; the last administrator of an organisation is kept.

    Returns the organisation.
    """
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=membership.organisation_id)
    _check_may_manage(organisation, by)
    administrators = organisation.memberships.filter(role=Role.ORG_ADMIN)
    if membership.role == Role.ORG_ADMIN and not administrators.exclude(pk=membership.pk).exists():
        raise Refusal(
            _("C’est le dernier administrateur : nommez-en un autre avant de retirer ce rôle."),
            code="conflict",
        )
    facts = _membership_facts(membership)
    membership.delete()
    _close_delegations(membership, by, at)
    forget_roles(membership.user)
    _record_membership("accounts.remove_membership", membership, by, at, before=facts)
    notifications.tell_removed(membership, by=by, at=at)
    return organisation


def _close_delegations(membership, by, at):
    """What rested on this role ends with it, so that giving the role again does not bring it back."""
    here = Delegation.objects.filter(organisation=membership.organisation_id)
    lapse(here.filter(principal=membership.user_id, role=membership.role), by=by, at=at)
    if not membership.user.memberships.filter(organisation=membership.organisation_id).exists():
        lapse(here.filter(delegate=membership.user_id), by=by, at=at)


def _check_may_manage(organisation, by):
    if by is not None and not rules.can_manage_members(by, organisation):
        raise forbidden(_("Les rôles sont donnés par l’administrateur de l’organisation."))


def _against_giver(organisation, user, role, by):
    """What forbids `by` to give this role."""
    if user == by:
        yield Reason(_("On ne se donne pas un rôle à soi-même : demandez à un autre administrateur."), "role")
    yield from giver_against(organisation, role, by)


def giver_against(organisation, role, by, *, field="role"):
    """Reasons that forbid `by` to give this role here to anybody; `by=None`, the platform itself, gives them all."""
    if by is None:
        return
    if role in rules.roles_to_give(by, organisation):
        if approvals.nobody_confirms(organisation, role, by):
            yield Reason(
                _(
                    "Ce rôle se donne à deux, et personne d’autre ne peut le confirmer : nommez d’abord un second"
                    " administrateur de la plateforme (commande « platform_admin »)."
                ),
                field,
                code="conflict",
            )
    elif role == Role.PLATFORM_ADMIN:
        yield Reason(_("Seule l’administration de la plateforme donne ce rôle."), field, code="forbidden")
    elif role in ROLES_BY_KIND[organisation.kind]:
        yield Reason(
            _(
                "L’administration de la plateforme nomme l’administrateur de l’organisation, qui donne ce rôle."
            ),
            field,
        )


def roles_against(organisation, user, role, *, field="role"):
    """Reasons that forbid this person to hold this role here, whoever gives it; empty when nothing does."""
    if role not in ROLES_BY_KIND[organisation.kind]:
        yield Reason(
            _("Ce rôle n’existe pas dans une organisation de cette nature : choisissez-en un autre."), field
        )
    elsewhere = user.memberships.exclude(organisation=organisation)
    administers = user.memberships.filter(role=Role.PLATFORM_ADMIN).exists()
    if (role == Role.PLATFORM_ADMIN or administers) and elsewhere.exists():
        yield Reason(
            _("Qui administre la plateforme n’a aucun rôle ailleurs : ouvrez un second compte."),
            field,
        )
    if administers and not organisation.memberships.filter(user=user, role=Role.PLATFORM_ADMIN).exists():
        yield Reason(_("Qui administre la plateforme ne tient aucun rôle d’achat ni d’entreprise."), field)
    if organisation.memberships.filter(user=user, role=role).exists():
        yield Reason(_("Cette personne a déjà ce rôle ici."), field, code="conflict")


def _record_membership(action, membership, by, at, **facts):
    journal.record(
        by=by,
        action=action,
        obj=membership.organisation,
        at=at,
        reason=f"{membership.get_role_display()} : {membership.user}",
        organisation=membership.organisation if by is not None else None,
        **facts,
    )


def _membership_facts(membership):
    return {"user": membership.user_id, "organisation": membership.organisation_id, "role": membership.role}
