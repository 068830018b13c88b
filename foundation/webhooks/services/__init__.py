"""Writes of webhooks: endpoints and their secrets; what they are told."""

from foundation.webhooks.services.endpoints import (
    endpoint_create,
    endpoint_delete,
    endpoint_pause,
    endpoint_resume,
    endpoint_stop,
    endpoint_update,
    secret_rotate,
)
from foundation.webhooks.services.telling import (
    deliveries_replay,
    delivery_replay,
    event_tell,
    test_send,
)

__all__ = [
    "deliveries_replay",
    "delivery_replay",
    "endpoint_create",
    "endpoint_delete",
    "endpoint_pause",
    "endpoint_resume",
    "endpoint_stop",
    "endpoint_update",
    "event_tell",
    "secret_rotate",
    "test_send",
]
