"""Roles lent for a time: given, revoked, announced before they end."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from foundation.accounts import legal, notifications, perimeters, rules
from foundation.accounts.models import Delegation, Membership, Organisation
from foundation.accounts.selectors import forget_roles
from foundation.accounts.services.rows import forbidden
from foundation.errors import Reason, Refusal
from foundation.journal import services as journal


@transaction.atomic
def delegations_give(
    *, organisation, delegate, roles, starts_at, ends_at, perimeter=None, reason="", by, at
) -> list[Delegation]:
    """Lend `roles`, that `by` holds himself in `organisation`, to another of its members, between two instants.

    One row for each role, so that each is revoked alone. A start already past is now. With `perimeter` (kind, key),
    the roles open that object only. Raises Refusal: a role not held, or that is never lent; a stranger to the house;
    dates that do not hold; the same role lent twice; an object that `by` does not see there.
    """
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    starts_at = max(starts_at, at)
    limit = _limit(perimeter, organisation, by)
    wanted = [
        Delegation(
            principal=by,
            delegate=delegate,
            organisation=organisation,
            role=role,
            **limit,
            reason=reason.strip(),
            starts_at=starts_at,
            ends_at=ends_at,
            given_at=at,
        )
        for role in roles
    ]
    reasons = [*_against_terms(organisation, delegate, starts_at, ends_at, by), *_against_roles(wanted)]
    if reasons:
        raise Refusal.of(reasons)
    given = [_write(delegation, by=by, at=at) for delegation in wanted]
    forget_roles(delegate)
    notifications.tell_given(given, at=at)
    return given


@transaction.atomic
def delegation_revoke(*, delegation, by, at) -> Delegation:
    """Take a role back at once: by who lent it, who received it, or an administrator of the organisation."""
    delegation = _locked(delegation)
    if not rules.can_revoke_delegation(by, delegation):
        raise forbidden(
            _("Une délégation se révoque par qui l’a donnée, qui l’a reçue ou un administrateur.")
        )
    if delegation.revoked_at is not None or delegation.ends_at <= at:
        raise Refusal(_("Cette délégation est déjà terminée."), code="conflict")
    _revoke(delegation, by=by, at=at)
    notifications.tell_revoked(delegation, by=by, at=at)
    return delegation


def lapse(delegations, *, by, at) -> None:
    """End those of `delegations` that are not over, because a role was taken back or an account closed."""
    for delegation in delegations.filter(revoked_at__isnull=True, ends_at__gt=at).order_by("pk"):
        _revoke(_locked(delegation), by=by, at=at)
        notifications.tell_revoked(delegation, by=by, at=at)


@transaction.atomic
def delegations_warn(*, at) -> int:
    """Tell both people of each delegation that is about to end, once. Returns how many were announced."""
    due = Delegation.objects.select_for_update(of=("self",), skip_locked=True).filter(
        revoked_at__isnull=True,
        warned_at__isnull=True,
        starts_at__lte=at,
        ends_at__gt=at,
        ends_at__lte=at + legal.DELEGATION_WARNED_BEFORE,
    )
    announced = list(due.select_related("principal", "delegate", "organisation").order_by("pk"))
    for delegation in announced:
        notifications.tell_ending(delegation, at=at)
    Delegation.objects.filter(pk__in=[one.pk for one in announced]).update(warned_at=at)
    return len(announced)


def _limit(perimeter, organisation, by) -> dict[str, str]:
    """The columns of the perimeter, and its name as it is read today."""
    if not perimeter:
        return {}
    code, key = perimeter
    kind = perimeters.find(code)
    found = kind.offered(by, organisation).filter(pk=key).first() if kind and str(key).isdecimal() else None
    if found is None:
        raise Refusal(
            _("Ce périmètre n’existe pas dans cette organisation : choisissez-en un dans la liste."),
            field="perimeter",
        )
    label = f"{kind.label} « {found} »"
    return {"perimeter_type": code, "perimeter_id": str(found.pk), "perimeter_label": label[:250]}


def _locked(delegation) -> Delegation:
    rows = Delegation.objects.select_related("principal", "delegate", "organisation")
    return rows.select_for_update(of=("self",)).get(pk=delegation.pk)


def _revoke(delegation, *, by, at):
    delegation.revoked_at, delegation.revoked_by = at, by
    delegation.save(update_fields=["revoked_at", "revoked_by"])
    _record("accounts.revoke_delegation", delegation, by=by, at=at)


def _write(delegation, *, by, at) -> Delegation:
    delegation.save()
    _record("accounts.give_delegation", delegation, by=by, at=at)
    return delegation


def _against_terms(organisation, delegate, starts_at, ends_at, by):
    """What forbids lending anything to this person between these instants."""
    yield from _against_person(organisation, delegate, by)
    yield from _against_dates(starts_at, ends_at)


def _against_person(organisation, delegate, by):
    if delegate == by:
        yield Reason(_("On ne se délègue rien à soi-même : choisissez une autre personne."), "delegate")
    if (
        not delegate.is_active
        or not Membership.objects.filter(organisation=organisation, user=delegate).exists()
    ):
        yield Reason(
            _("Une délégation se donne à un membre de la même organisation : faites-le d’abord inviter."),
            "delegate",
        )


def _against_dates(starts_at, ends_at):
    if ends_at <= starts_at:
        yield Reason(_("La fin doit venir après le début, et après aujourd’hui."), "ends_at")
    elif ends_at - starts_at > legal.DELEGATION_LONGEST:
        yield Reason(
            _("Une délégation dure %(days)s jours au plus : au-delà, le rôle se donne à la personne.")
            % {"days": legal.DELEGATION_LONGEST.days},
            "ends_at",
        )


def _against_roles(wanted):
    """What forbids lending each of these roles: it must be held by membership, and not be attached to the person."""
    if not wanted:
        yield Reason(_("Choisissez au moins un rôle à déléguer."), "roles")
    for delegation in wanted:
        for words, code in _against_role(delegation):
            yield Reason(words % {"role": delegation.get_role_display()}, "roles", code=code)


def _against_role(delegation):
    here = Membership.objects.filter(organisation=delegation.organisation, role=delegation.role)
    if not here.filter(user=delegation.principal).exists():
        yield (
            _("Vous ne tenez pas vous-même le rôle « %(role)s » ici : un rôle reçu ne se délègue pas."),
            "forbidden",
        )
    if delegation.role not in legal.DELEGABLE_ROLES:
        yield _("Le rôle « %(role)s » est attaché à la personne : il ne se délègue pas."), "invalid"
    if here.filter(user=delegation.delegate).exists():
        yield _("Cette personne tient déjà le rôle « %(role)s »."), "conflict"
    if _same_days(delegation).exists():
        yield _("Vous avez déjà délégué le rôle « %(role)s » à cette personne à ces dates."), "conflict"


def _same_days(delegation):
    """The same role to the same person on some of these days, whole or for the same object."""
    within = Q(perimeter_type="") | Q(
        perimeter_type=delegation.perimeter_type, perimeter_id=delegation.perimeter_id
    )
    return Delegation.objects.filter(
        within,
        principal=delegation.principal,
        delegate=delegation.delegate,
        organisation=delegation.organisation,
        role=delegation.role,
        revoked_at__isnull=True,
        starts_at__lt=delegation.ends_at,
        ends_at__gt=delegation.starts_at,
    )


def _record(action, delegation, *, by, at):
    facts = {
        "principal": delegation.principal_id,
        "delegate": delegation.delegate_id,
        "role": delegation.role,
        "perimeter": f"{delegation.perimeter_type}:{delegation.perimeter_id}"
        if delegation.perimeter_type
        else "",
        "starts_at": delegation.starts_at.isoformat(),
        "ends_at": delegation.ends_at.isoformat(),
    }
    journal.record(
        by=by,
        action=action,
        obj=delegation.organisation,
        at=at,
        reason=f"{delegation.extent} : {delegation.principal} → {delegation.delegate}",
        before=facts if delegation.revoked_at else None,
        after=None if delegation.revoked_at else facts,
        organisation=delegation.organisation,
        role=delegation.role if by == delegation.principal else "",
    )
