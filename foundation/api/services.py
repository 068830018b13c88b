"""Writes on access tokens and on the programs of an organisation."""

import uuid
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from foundation.accounts.models import Membership, Organisation, User
from foundation.accounts.services import membership_add
from foundation.api import notifications, rules, scopes, selectors
from foundation.api.models import AccessToken, Program
from foundation.errors import Refusal
from foundation.journal import services as journal

# How long a token may live: an owner renews it, nobody forgets one for ever.
LIFETIMES_DAYS = (7, 30, 90, 365)


@transaction.atomic
def token_create(*, name, scopes, lifetime_days, by, at):
    """Give `by` a new token for these scopes; returns (AccessToken, secret), the secret being shown only once."""
    return _token_insert(by, name=name, codes=scopes, lifetime_days=lifetime_days, by=by, at=at)


@transaction.atomic
def token_revoke(*, token, by, at):
    """Put an end to this token at once; what uses it answers 401 from now on."""
    facts, owner = _facts(token), token.user
    token.delete()
    journal.record(
        by=by, action="api.revoke_token", obj=owner, at=at, before=facts, organisation=_organisation_of(owner)
    )


@transaction.atomic
def program_open(*, organisation, name, roles, scopes, lifetime_days, by, at):
    """Open a program of `organisation` with these roles there; returns (Program, AccessToken, secret).

    Its account has no password and an address that nobody reads. Raises Refusal when `by` does not administer the
    organisation, a role is not one that a program may hold, or an open program already has this name.
    """
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    _check_may_manage(by, organisation)
    if not roles or not set(roles) <= set(rules.program_roles(organisation)):
        raise Refusal(_("Choisissez un rôle au moins, parmi ceux qu’un programme peut tenir."), field="roles")
    program = _program_insert(organisation, name, by, at)
    for role in roles:
        membership_add(organisation=organisation, user=program.user, role=role, by=by, at=at)
    _record_program("api.open_program", program, by, at, after={"name": name, "roles": sorted(roles)})
    token, secret = _token_insert(
        program.user, name=name, codes=scopes, lifetime_days=lifetime_days, by=by, at=at
    )
    return program, token, secret


@transaction.atomic
def program_token_create(*, program, scopes, lifetime_days, by, at):
    """Give an open program one more token, before the former ends; returns (AccessToken, secret)."""
    _check_may_manage(by, program.organisation)
    program = Program.objects.select_for_update(of=("self",)).get(pk=program.pk)
    if program.closed_at:
        raise Refusal(_("Ce programme est fermé : ouvrez-en un autre."), code="conflict")
    return _token_insert(
        program.user, name=program.name, codes=scopes, lifetime_days=lifetime_days, by=by, at=at
    )


@transaction.atomic
def program_close(*, program, by, at):
    """Close a program for good: its account, its roles and its tokens end; what it did stays written."""
    _check_may_manage(by, program.organisation)
    program = Program.objects.select_for_update(of=("self",)).select_related("user").get(pk=program.pk)
    if program.closed_at:
        raise Refusal(_("Ce programme est déjà fermé."), code="conflict")
    AccessToken.objects.filter(user=program.user).delete()
    Membership.objects.filter(user=program.user).delete()
    User.objects.filter(pk=program.user_id).update(is_active=False)
    program.closed_at = at
    program.save(update_fields=["closed_at"])
    _record_program("api.close_program", program, by, at)
    return program


@transaction.atomic
def tokens_announce(*, at):
    """Tell once, two weeks before, that a token ends: its owner, or the administrators of its program."""
    for token in selectors.tokens_to_announce(at=at).select_for_update(of=("self",), skip_locked=True):
        notifications.tell_ending(token, at=at)
        token.warned_at = at
        token.save(update_fields=["warned_at"])


def _program_insert(organisation, name, by, at):
    shown = _("Programme « %(name)s » de %(organisation)s") % {"name": name, "organisation": organisation}
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                f"programme-{uuid.uuid4().hex[:16]}@programmes.invalid",
                full_name=shown[: User._meta.get_field("full_name").max_length],
                is_program=True,
            )
            return Program.objects.create(
                user=user, organisation=organisation, name=name, created_by=by, created_at=at
            )
    except IntegrityError as error:
        taken = _("Un programme ouvert porte déjà ce nom : choisissez-en un autre.")
        raise Refusal(taken, field="name", code="conflict") from error


def _token_insert(owner, *, name, codes, lifetime_days, by, at):
    known = [code for code, _label in scopes.choices()]
    if not codes or not set(codes) <= set(known):
        raise Refusal(_("Choisissez une portée au moins, parmi celles de la liste."), field="scopes")
    token, secret = AccessToken.objects.create(
        user=owner,
        name=name,
        scopes=[code for code in known if code in codes],
        expiry=timedelta(days=lifetime_days),
    )
    AccessToken.objects.filter(pk=token.pk).update(created=at, expiry=at + timedelta(days=lifetime_days))
    token.refresh_from_db()
    journal.record(
        by=by,
        action="api.create_token",
        obj=owner,
        at=at,
        after=_facts(token),
        organisation=_organisation_of(owner),
    )
    return token, secret


def _organisation_of(owner):
    """The organisation in whose name a token is made; a person makes his own in nobody's name."""
    return owner.program.organisation if owner.is_program else None


def _check_may_manage(by, organisation):
    if not rules.can_manage_programs(by, organisation):
        raise Refusal(
            _("Seul l’administrateur de l’organisation ouvre et ferme ses programmes."), code="forbidden"
        )


def _record_program(action, program, by, at, **facts):
    journal.record(
        by=by,
        action=action,
        obj=program.organisation,
        at=at,
        reason=program.name,
        organisation=program.organisation,
        **facts,
    )


def _facts(token):
    return {
        "name": token.name,
        "scopes": token.scopes,
        "expires_at": token.expiry.isoformat(),
        "key": token.token_key,
    }
