"""Accounts: opened, renamed, closed. `by=None` is the platform itself."""

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from foundation.accounts import rules, sessions
from foundation.accounts.approvals import actions as approvals
from foundation.accounts.models import Delegation, User
from foundation.accounts.selectors import organisation_ids
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
def sessions_close(*, rows, by, at) -> int:
    """End these sessions of one's own: their next request is that of a stranger. Returns how many."""
    count = sessions.close(by, rows)
    journal.record(by=by, action="accounts.close_sessions", obj=by, at=at, reason=str(count))
    return count


def organisation_choose(*, organisation_id, by) -> int | None:
    """Keep the organisation in which `by` works first, None for all of them; somebody else's is refused.

    A convenience, not an act: it opens and closes no right, and is not written in the journal.
    """
    if organisation_id is not None and organisation_id not in organisation_ids(by):
        raise forbidden(_("Choisissez une organisation dont vous êtes membre."))
    by.last_organisation_id = organisation_id
    by.save(update_fields=["last_organisation"])
    return organisation_id


@transaction.atomic
def user_deactivate(*, user, reason, by, at):
    """Close an account: its sessions and tokens stop at the next request; what it did stays written."""
    if user == by:
        raise Refusal(
            _("Vous ne pouvez pas fermer votre propre compte : demandez à un autre administrateur.")
        )
    return _user_switch(user, False, reason=reason, by=by, at=at)


@transaction.atomic
def user_activate(*, user, reason, by, at, confirmed_by=None):
    """Open again an account that was closed; it waits for a second administrator of the platform if there is one.

    The account returned is still closed while it waits; `confirmed_by` is who confirmed.
    """
    if user.is_erased:
        raise Refusal(_("Les données de ce compte sont effacées : il ne se rouvre pas."), code="conflict")
    may_ask = not confirmed_by and not user.is_active and rules.can_manage_users(by)
    if may_ask and approvals.reopening_needs_second_person():
        approvals.ask_to_reopen(user=user, reason=reason, by=by, at=at)
        return user
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
        # Opened again one day, the account does not find its old keys.
        sessions.close_all(user)
        user.auth_token_set.all().delete()
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


def identity_erase(user, shown_name) -> None:
    """Close an account for good, without name, address nor password; the row stays, because the journal names it."""
    EmailAddress.objects.filter(user=user).delete()
    user.email, user.full_name = f"compte{user.pk}@efface.invalid", str(shown_name)
    user.is_active, user.last_organisation = False, None
    user.set_unusable_password()
    user.save(update_fields=["email", "full_name", "is_active", "password", "last_organisation"])


def user_insert(*, email, full_name, password):
    """A new row, checked. Raises Refusal on a known address."""
    user = User(email=email.strip().lower(), full_name=full_name)
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as error:
        raise refusal_of(error) from error
    user.set_password(password)
    return insert(user, "email", _("Un compte porte déjà cette adresse."))
