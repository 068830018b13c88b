"""Endpoints of an organisation, and the secrets that sign what they receive."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.enums import Role
from foundation.accounts.models import Organisation
from foundation.accounts.selectors import has_role
from foundation.errors import Refusal
from foundation.journal import services as journal
from foundation.webhooks import addresses, notifications, registry, vault
from foundation.webhooks.enums import DeliveryState, EndpointState
from foundation.webhooks.models import Delivery, Endpoint, Secret
from foundation.webhooks.rules import can_manage_endpoint
from foundation.webhooks.workflow import ENDPOINT

MOST_ENDPOINTS = 10  # of one organisation: each event is written once for each
OVERLAP = timedelta(hours=24)  # during which the former secret still signs, beside the new one


@transaction.atomic
def endpoint_create(
    *, organisation: Organisation, url: str, description: str, event_codes: list[str], by, at: datetime
) -> tuple[Endpoint, str]:
    """Add an endpoint; returns it with its secret, which is never shown again.

    Raises Refusal: `by` does not administer the organisation, an address that may not be sent to (U4), already
    known, or one too many; no event.
    """
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if not has_role(by, organisation, Role.ORG_ADMIN):
        raise Refusal(
            _("Seuls les administrateurs de l’organisation ajoutent une adresse."),
            field="organisation",
            code="forbidden",
        )
    _check_count(organisation)
    _check_url(organisation, url)
    endpoint = Endpoint.objects.create(
        organisation=organisation,
        url=url,
        description=description.strip(),
        event_codes=_checked_events(event_codes),
        created_by=by,
        created_at=at,
        updated_at=at,
    )
    secret = _secret_insert(endpoint, at)
    _record("endpoint_create", endpoint, by, at, after=_facts(endpoint))
    return endpoint, secret


def _check_count(organisation: Organisation) -> None:
    if Endpoint.objects.filter(organisation=organisation).count() >= MOST_ENDPOINTS:
        raise Refusal(
            _("Dix adresses au plus par organisation : retirez-en une avant d’en ajouter."), code="conflict"
        )


def _check_url(organisation: Organisation, url: str, endpoint: Endpoint | None = None) -> None:
    """Read the address as it will be each time; its name may be away today and answer tomorrow."""
    addresses.read(url)
    known = Endpoint.objects.filter(organisation=organisation, url=url)
    if known.exclude(pk=endpoint.pk if endpoint else None).exists():
        raise Refusal(_("Cette adresse est déjà dans la liste."), field="url", code="conflict")


def _checked_events(codes: list[str]) -> list[str]:
    known = {event.code for event in registry.events()}
    if not codes:
        raise Refusal(_("Choisissez au moins un événement."), field="event_codes")
    if not set(codes) <= known:
        raise Refusal(_("L’un de ces événements n’existe pas."), field="event_codes")
    return sorted(set(codes))


def _secret_insert(endpoint: Endpoint, at: datetime) -> str:
    secret = vault.new_secret()
    Secret.objects.create(endpoint=endpoint, ciphertext=vault.encrypt(secret), created_at=at)
    return secret


@transaction.atomic
def endpoint_update(
    *, endpoint: Endpoint, url: str, description: str, event_codes: list[str], by, at: datetime
) -> Endpoint:
    """Change where or what is sent. Raises Refusal as for a new endpoint."""
    endpoint = _locked(endpoint, by)
    before = _facts(endpoint)
    _check_url(endpoint.organisation, url, endpoint)
    endpoint.url, endpoint.description = url, description.strip()
    endpoint.event_codes, endpoint.updated_at = _checked_events(event_codes), at
    endpoint.save()
    _record("endpoint_update", endpoint, by, at, before=before, after=_facts(endpoint))
    return endpoint


@transaction.atomic
def endpoint_pause(*, endpoint: Endpoint, by, at: datetime) -> Endpoint:
    """Send nothing until it is resumed; what happens meanwhile is not written. Raises Refusal."""
    return _move(_locked(endpoint, by), "pause", by=by, at=at)


@transaction.atomic
def endpoint_resume(*, endpoint: Endpoint, by, at: datetime) -> Endpoint:
    """Send again, with a clean slate; what was given up may be replayed. Raises Refusal."""
    endpoint = _locked(endpoint, by)
    endpoint.failing_since_at = endpoint.stopped_at = None
    endpoint.stop_reason = ""
    return _move(endpoint, "resume", by=by, at=at)


@transaction.atomic
def endpoint_stop(*, endpoint: Endpoint, reason: str, at: datetime) -> Endpoint:
    """The platform stops sending to an address that does not answer, and tells its administrators."""
    endpoint = Endpoint.objects.select_for_update(of=("self",)).get(pk=endpoint.pk)
    if endpoint.state != EndpointState.ACTIVE:
        return endpoint
    endpoint.stopped_at, endpoint.stop_reason = at, reason
    _move(endpoint, "stop", by=None, at=at, reason=reason)
    waiting = Delivery.objects.filter(endpoint=endpoint, state=DeliveryState.WAITING)
    waiting.update(state=DeliveryState.FAILED, failed_at=at, next_try_at=None, claim=None)
    notifications.tell_stopped(endpoint, at=at)
    return endpoint


def _move(endpoint: Endpoint, name: str, *, by, at: datetime, reason: str = "") -> Endpoint:
    previous = ENDPOINT.apply(endpoint, name, by=by, at=at)
    endpoint.updated_at = at
    endpoint.save()
    states = {"before": {"state": previous}, "after": {"state": endpoint.state}}
    _record(f"endpoint_{name}", endpoint, by, at, reason=reason, **states)
    return endpoint


@transaction.atomic
def endpoint_delete(*, endpoint: Endpoint, by, at: datetime) -> None:
    """Forget an endpoint, its secrets and its log; the journal keeps that it was there. Raises Refusal."""
    endpoint = _locked(endpoint, by)
    _record("endpoint_delete", endpoint, by, at, before=_facts(endpoint))
    Endpoint.objects.filter(pk=endpoint.pk).delete()


@transaction.atomic
def secret_rotate(*, endpoint: Endpoint, by, at: datetime) -> str:
    """A new secret, returned once; the former one still signs beside it for a day. Raises Refusal."""
    endpoint = _locked(endpoint, by)
    endpoint.secrets.filter(expires_at__isnull=False).delete()
    endpoint.secrets.update(expires_at=at + OVERLAP)
    secret = _secret_insert(endpoint, at)
    _record("secret_rotate", endpoint, by, at)
    return secret


def _locked(endpoint: Endpoint, by) -> Endpoint:
    """The row, locked, for who may manage it. Raises Refusal for anyone else."""
    rows = Endpoint.objects.select_for_update(of=("self",)).select_related("organisation")
    endpoint = rows.get(pk=endpoint.pk)
    if not can_manage_endpoint(by, endpoint):
        raise Refusal(_("Seuls les administrateurs de l’organisation gèrent ses adresses."), code="forbidden")
    return endpoint


def _facts(endpoint: Endpoint) -> dict:
    return {"url": endpoint.url, "events": endpoint.event_codes, "description": endpoint.description}


def _record(action: str, endpoint: Endpoint, by, at: datetime, **facts) -> None:
    journal.record(
        by=by, action=f"webhooks.{action}", obj=endpoint, at=at, organisation=endpoint.organisation, **facts
    )
