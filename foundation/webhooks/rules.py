"""Who administers the endpoints of an organisation."""

from django.db.models import QuerySet

from foundation.accounts.enums import Role
from foundation.accounts.models import Organisation
from foundation.accounts.selectors import has_role, holds, organisation_ids, organisations_of
from foundation.webhooks.enums import EndpointState
from foundation.webhooks.models import Delivery, Endpoint


def administers_endpoints(user) -> bool:
    """Administrators of an organisation, wherever they are."""
    return holds(user, Role.ORG_ADMIN)


def organisations_for_new_endpoint(user) -> QuerySet[Organisation]:
    """Where this person may add an endpoint."""
    return organisations_of(user, Role.ORG_ADMIN)


def endpoints_visible_to(user) -> QuerySet[Endpoint]:
    """An administrator sees the endpoints of the organisations he administers, and nobody else does."""
    return Endpoint.objects.filter(organisation_id__in=organisation_ids(user, Role.ORG_ADMIN))


def deliveries_visible_to(user) -> QuerySet[Delivery]:
    """What was sent to the endpoints he sees."""
    return Delivery.objects.filter(endpoint__organisation_id__in=organisation_ids(user, Role.ORG_ADMIN))


def can_manage_endpoint(user, endpoint: Endpoint) -> bool:
    """An administrator of its organisation."""
    return has_role(user, endpoint.organisation_id, Role.ORG_ADMIN)


def can_pause_endpoint(user, endpoint: Endpoint) -> bool:
    """An administrator, while it is in service."""
    return endpoint.state == EndpointState.ACTIVE and can_manage_endpoint(user, endpoint)


def can_resume_endpoint(user, endpoint: Endpoint) -> bool:
    """An administrator, when it is paused or stopped."""
    return endpoint.state != EndpointState.ACTIVE and can_manage_endpoint(user, endpoint)


def can_replay_delivery(user, delivery: Delivery) -> bool:
    """An administrator of the organisation, to an endpoint in service."""
    return delivery.endpoint.state == EndpointState.ACTIVE and can_manage_endpoint(user, delivery.endpoint)


def platform_stops(user, endpoint: Endpoint) -> bool:
    """Only the platform itself stops an endpoint that does not answer."""
    return user is None
