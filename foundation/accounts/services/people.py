"""Accounts: opened, renamed, closed. `by=None` is the platform itself."""

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from foundation.accounts import rules
from foundation.accounts.models import Delegation, User
from foundation.accounts.services.delegations import lapse
from foundation.accounts.services.rows import forbidden, insert, refusal_of
from foundation.errors import Refusal
from foundation.journal import services as journal


@transaction.atomic
def user_create(*, email, full_name, password=None, email_verified=False, by, at):
    """A new account; without a password its owner chooses one from the message that invites him."""
    user = user_insert(email=email, full_name=full_name, password=password)
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
        raise forbidden(_("Seule l’administration de la plateforme ouvre et ferme les comptes."))
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if user.is_active == active:
        state = _("ouvert") if active else _("fermé")
        raise Refusal(_("Ce compte est déjà %(state)s.") % {"state": state}, code="conflict")
    user.is_active = active
    user.save(update_fields=["is_active"])
    if not active:
        lapse(Delegation.objects.filter(Q(principal=user) | Q(delegate=user)), by=by, at=at)
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


def user_insert(*, email, full_name, password):
    """A new row, checked. Raises Refusal on a known address."""
    user = User(email=email.strip().lower(), full_name=full_name)
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as error:
        raise refusal_of(error) from error
    user.set_password(password)
    return insert(user, "email", _("Un compte porte déjà cette adresse."))
