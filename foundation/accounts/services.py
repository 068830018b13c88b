"""Writes on people, organisations and roles. `by=None` is the platform itself (demonstration data)."""

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from foundation.accounts import rules
from foundation.accounts.enums import ROLES_BY_KIND, OrganisationKind, Role
from foundation.accounts.models import Membership, Organisation, User
from foundation.accounts.selectors import forget_roles
from foundation.errors import Reason, Refusal
from foundation.journal import services as journal

PROFILE_FIELDS = ("name", "siret", "address", "postal_code", "city")


@transaction.atomic
def organisation_create(
    *, kind, name, siret, address="", postal_code="", city="", is_demonstration=False, by, at
):
    """A new organisation. Raises Refusal when the SIRET is wrong or known, or `by` may not create one."""
    if by is not None and not rules.can_create_organisation(by):
        raise _forbidden(_("Seule l’administration de la plateforme crée une organisation."))
    organisation = _organisation_insert(
        kind=kind,
        name=name,
        siret=siret,
        address=address,
        postal_code=postal_code,
        city=city,
        is_demonstration=is_demonstration,
    )
    journal.record(
        by=by,
        action="accounts.create_organisation",
        obj=organisation,
        at=at,
        after=_organisation_facts(organisation),
    )
    return organisation


@transaction.atomic
def supplier_register(*, email, full_name, password, name, siret, address="", postal_code="", city="", at):
    """A firm registers itself: the person becomes its supplier and its administrator. Returns the user.

    The address is confirmed by a message before the first sign-in. Raises Refusal on a wrong or known SIRET.
    """
    organisation = _organisation_insert(
        kind=OrganisationKind.SUPPLIER,
        name=name,
        siret=siret,
        address=address,
        postal_code=postal_code,
        city=city,
    )
    user = _user_insert(email=email, full_name=full_name, password=password)
    for role in (Role.SUPPLIER, Role.ORG_ADMIN):
        Membership.objects.create(user=user, organisation=organisation, role=role)
    journal.record(
        by=user,
        action="accounts.register_supplier",
        obj=organisation,
        at=at,
        after=_organisation_facts(organisation),
        organisation=organisation,
    )
    return user


@transaction.atomic
def user_create(*, email, full_name, password=None, email_verified=False, by, at):
    """A new account; without a password its owner chooses one from the message that invites him."""
    user = _user_insert(email=email, full_name=full_name, password=password)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=email_verified)
    journal.record(by=by, action="accounts.create_user", obj=user, at=at, after={"user": user.pk})
    return user


@transaction.atomic
def user_rename(*, full_name, by, at):
    """Change one's own name, as shown on screens and future documents."""
    before = {"full_name": by.full_name}
    by.full_name = full_name
    by.save(update_fields=["full_name"])
    journal.record(
        by=by, action="accounts.rename_user", obj=by, at=at, before=before, after={"full_name": full_name}
    )
    return by


@transaction.atomic
def user_deactivate(*, user, reason, by, at):
    """Close an account: its sessions and tokens stop at the next request; what it did stays written."""
    if user == by:
        raise Refusal(
            _("Vous ne pouvez pas fermer votre propre compte : demandez à un autre administrateur.")
        )
    return _user_switch(user, False, reason=reason, by=by, at=at)


@transaction.atomic
def user_activate(*, user, reason, by, at):
    """Open again an account that was closed."""
    return _user_switch(user, True, reason=reason, by=by, at=at)


def _user_switch(user, active, *, reason, by, at):
    if not rules.can_manage_users(by):
        raise _forbidden(_("Seule l’administration de la plateforme ouvre et ferme les comptes."))
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if user.is_active == active:
        state = _("ouvert") if active else _("fermé")
        raise Refusal(_("Ce compte est déjà %(state)s.") % {"state": state}, code="conflict")
    user.is_active = active
    user.save(update_fields=["is_active"])
    journal.record(
        by=by,
        action="accounts.activate_user" if active else "accounts.deactivate_user",
        obj=user,
        at=at,
        reason=reason,
        before={"is_active": not active},
        after={"is_active": active},
    )
    return user


@transaction.atomic
def member_invite(*, organisation, email, full_name, role, by, at):
    """Give a role to the person with this address, whose account is opened when there is none.

    Returns (membership, True when the account is new: the door then sends the invitation).
    """
    user = User.objects.filter(email=email.strip().lower()).first()
    is_new = user is None
    _check_may_manage(organisation, by)
    if is_new:
        user = user_create(email=email, full_name=full_name, by=by, at=at)
    return membership_add(organisation=organisation, user=user, role=role, by=by, at=at), is_new


@transaction.atomic
def membership_add(*, organisation, user, role, by, at):
    """Give `role` in `organisation`: nobody gives himself one, a firm's member never gets a buyer's."""
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    _check_may_manage(organisation, by)
    reasons = list(_against_role(organisation, user, role, by))
    if reasons:
        raise Refusal.of(reasons)
    membership = Membership.objects.create(user=user, organisation=organisation, role=role)
    forget_roles(user)
    _record_membership("accounts.add_membership", membership, by, at, after=_membership_facts(membership))
    return membership


@transaction.atomic
def membership_remove(*, membership, by, at):
    """Take a role back; the last administrator of an organisation is kept. Returns the organisation."""
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
    forget_roles(membership.user)
    _record_membership("accounts.remove_membership", membership, by, at, before=facts)
    return organisation


def _check_may_manage(organisation, by):
    if by is not None and not rules.can_manage_members(by, organisation):
        raise _forbidden(_("Les rôles sont donnés par l’administrateur de l’organisation."))


def _against_role(organisation, user, role, by):
    """What forbids giving this role to this person here."""
    if user == by:
        yield Reason(_("On ne se donne pas un rôle à soi-même : demandez à un autre administrateur."), "role")
    if role not in ROLES_BY_KIND[organisation.kind]:
        yield Reason(
            _("Ce rôle n’existe pas dans une organisation de cette nature : choisissez-en un autre."), "role"
        )
    if role == Role.PLATFORM_ADMIN and by is not None and not rules.can_manage_users(by):
        yield Reason(_("Seule l’administration de la plateforme donne ce rôle."), "role", code="forbidden")
    elsewhere = user.memberships.exclude(organisation=organisation)
    administers = user.memberships.filter(role=Role.PLATFORM_ADMIN).exists()
    if (role == Role.PLATFORM_ADMIN or administers) and elsewhere.exists():
        yield Reason(
            _("Qui administre la plateforme n’a aucun rôle ailleurs : ouvrez un second compte."),
            "role",
        )
    if administers and not organisation.memberships.filter(user=user, role=Role.PLATFORM_ADMIN).exists():
        yield Reason(_("Qui administre la plateforme ne tient aucun rôle d’achat ni d’entreprise."), "role")
    if organisation.memberships.filter(user=user, role=role).exists():
        yield Reason(_("Cette personne a déjà ce rôle ici."), "role", code="conflict")


def _organisation_insert(**fields):
    fields["siret"] = "".join(str(fields["siret"]).split())
    organisation = Organisation(**fields)
    try:
        organisation.full_clean()
    except ValidationError as error:
        raise _refusal_of(error) from error
    return _insert(organisation, "siret", _("Une organisation porte déjà ce SIRET."))


def _user_insert(*, email, full_name, password):
    user = User(email=email.strip().lower(), full_name=full_name)
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as error:
        raise _refusal_of(error) from error
    user.set_password(password)
    return _insert(user, "email", _("Un compte porte déjà cette adresse."))


def _insert(row, field, taken):
    """Write a new row; another request that was quicker with the same number or address is a refusal."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Refusal(taken, field=field, code="conflict") from error
    return row


def _refusal_of(error):
    return Refusal.of(
        Reason(message, "" if field == "__all__" else field)
        for field, messages in error.message_dict.items()
        for message in messages
    )


def _forbidden(message):
    return Refusal(message, code="forbidden")


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


def _organisation_facts(organisation):
    return {"kind": organisation.kind, **{name: getattr(organisation, name) for name in PROFILE_FIELDS}}


def _membership_facts(membership):
    return {"user": membership.user_id, "organisation": membership.organisation_id, "role": membership.role}
