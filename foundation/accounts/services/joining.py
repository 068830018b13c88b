"""A firm registers itself once its person's address is proven; who comes after asks to be let in."""

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from foundation.accounts import legal, notifications
from foundation.accounts.enums import JoinRequestState, OrganisationKind, Role
from foundation.accounts.models import JoinRequest, Organisation, Registration
from foundation.accounts.services.members import giver_against, membership_write, roles_against
from foundation.accounts.services.organisations import PROFILE_FIELDS, supplier_create
from foundation.accounts.services.people import identity_erase, user_insert
from foundation.accounts.services.rows import refusal_of
from foundation.accounts.workflow import JOIN_REQUEST
from foundation.errors import Reason, Refusal
from foundation.journal import services as journal


@transaction.atomic
def supplier_register(*, email, full_name, password, at, **profile):
    """Open the account of who registers a firm, and keep what was typed until the address is proven.

    Nothing is said of the SIRET, known or not: an unproven address learns nothing and reserves nothing. Returns the
    user. Raises Refusal on a wrong SIRET, on a known address.
    """
    registration = Registration(asked_at=at, **_profile(profile))
    _check(registration)
    registration.user = user_insert(email=email, full_name=full_name, password=password)
    registration.save()
    journal.record(
        by=registration.user,
        action="accounts.create_user",
        obj=registration.user,
        at=at,
        after={"user": registration.user.pk},
    )
    return registration.user


@transaction.atomic
def registration_complete(*, user, at):
    """The address is proven: the firm is created, or asked to let the person in. Returns whichever it was.

    None when nothing waited. What cannot be done (a buyer's SIRET) is returned as its Refusal, once.
    """
    registration = Registration.objects.select_for_update(of=("self",)).filter(user=user).first()
    if registration is None:
        return None
    profile = {name: getattr(registration, name) for name in PROFILE_FIELDS}
    registration.delete()
    try:
        return firm_enter(**profile, by=user, at=at)
    except Refusal as refusal:
        return refusal


@transaction.atomic
def registrations_forget(*, at) -> int:
    """Forget the registrations whose address was not proven in time; returns how many.

    The row of the account stays, because the journal names it: closed, without name, address nor password. The address
    may register again.
    """
    waiting = Registration.objects.select_for_update(of=("self",), skip_locked=True).filter(
        asked_at__lt=at - legal.REGISTRATION_KEPT, user__last_login=None, user__memberships=None
    )
    proven = EmailAddress.objects.filter(user=OuterRef("user"), verified=True)
    forgotten = list(waiting.filter(~Exists(proven)).select_related("user").order_by("pk"))
    for registration in forgotten:
        _forget(registration, at)
    return len(forgotten)


def _forget(registration, at) -> None:
    user = registration.user
    registration.delete()
    identity_erase(user, _("Compte jamais confirmé"))
    journal.record(by=None, action="accounts.forget_registration", obj=user, at=at)


@transaction.atomic
def firm_enter(*, by, at, message="", **profile):
    """Register a firm that is not known yet, whose administrator one becomes, or ask to join the one that is.

    Returns the Organisation or the JoinRequest. Raises Refusal: a wrong SIRET, a buyer's, one's own already.
    """
    profile = _profile(profile)
    _check(Registration(asked_at=at, **profile))
    known = Organisation.objects.filter(siret=profile["siret"]).first()
    if known is None:
        return supplier_create(**profile, by=by, at=at)
    reasons = list(_against_joining(known, by))
    if reasons:
        raise Refusal.of(reasons)
    request = JoinRequest.objects.create(organisation=known, user=by, message=message.strip(), asked_at=at)
    _record("accounts.ask_to_join", request, by=by, at=at)
    notifications.tell_join_asked(request, at=at)
    return request


@transaction.atomic
def join_request_accept(*, join_request, roles, by, at) -> JoinRequest:
    """Let the person in, with these roles. Raises Refusal: not an administrator, already answered, a wrong role."""
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=join_request.organisation_id)
    join_request = _settled(join_request, "accept", by=by, at=at)
    held = set(organisation.memberships.filter(user=join_request.user).values_list("role", flat=True))
    wanted = [role for role in dict.fromkeys(roles) if role not in held]
    reasons = [reason for role in wanted for reason in roles_against(organisation, join_request.user, role)]
    reasons += [reason for role in wanted for reason in giver_against(organisation, role, by, field="roles")]
    if not wanted and not held:
        reasons.append(Reason(_("Choisissez au moins un rôle."), "roles"))
    if reasons:
        raise Refusal.of(reasons)
    _record("accounts.accept_join_request", join_request, by=by, at=at)
    for role in wanted:
        membership_write(organisation=organisation, user=join_request.user, role=role, by=by, at=at)
    notifications.tell_join_decided(join_request, at=at)
    return join_request


@transaction.atomic
def join_request_refuse(*, join_request, by, at) -> JoinRequest:
    """Do not let the person in."""
    join_request = _settled(join_request, "refuse", by=by, at=at)
    _record("accounts.refuse_join_request", join_request, by=by, at=at)
    notifications.tell_join_decided(join_request, at=at)
    return join_request


@transaction.atomic
def join_request_withdraw(*, join_request, by, at) -> JoinRequest:
    """The person no longer asks."""
    join_request = _settled(join_request, "withdraw", by=by, at=at)
    _record("accounts.withdraw_join_request", join_request, by=by, at=at)
    return join_request


def _settled(join_request, transition, *, by, at) -> JoinRequest:
    rows = JoinRequest.objects.select_related("organisation", "user").select_for_update(of=("self",))
    join_request = rows.get(pk=join_request.pk)
    JOIN_REQUEST.apply(join_request, transition, by=by, at=at)
    join_request.decided_at, join_request.decided_by = at, by
    join_request.save(update_fields=["state", "decided_at", "decided_by"])
    return join_request


def _profile(typed):
    return {**typed, "siret": "".join(str(typed["siret"]).split())}


def _check(registration):
    try:
        registration.clean_fields(exclude=["user"])
    except ValidationError as error:
        raise refusal_of(error) from error


def _against_joining(organisation, by):
    """What forbids asking to join the organisation that bears this SIRET."""
    if organisation.kind != OrganisationKind.SUPPLIER:
        yield Reason(
            _("Ce SIRET n’est pas celui d’une entreprise : l’administrateur de l’organisation vous invite."),
            "siret",
        )
    if organisation.memberships.filter(user=by).exists():
        yield Reason(_("Vous êtes déjà membre de cette entreprise."), "siret", code="conflict")
    if by.join_requests.filter(organisation=organisation, state=JoinRequestState.PENDING).exists():
        yield Reason(_("Votre demande est déjà transmise : attendez la réponse."), "siret", code="conflict")
    yield from roles_against(organisation, by, Role.SUPPLIER, field="siret")


def _record(action, join_request, *, by, at):
    journal.record(
        by=by,
        action=action,
        obj=join_request.organisation,
        at=at,
        reason=str(join_request.user),
        after={"user": join_request.user_id, "state": join_request.state},
        organisation=join_request.organisation,
    )
