"""What the endpoints add to the dashboard of an administrator: those that the platform stopped or that fail."""

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from foundation.screens.registry import Panel, register_panel
from foundation.webhooks import rules
from foundation.webhooks.enums import EndpointState


def _panel(user) -> dict | None:
    if not rules.administers_endpoints(user):
        return None
    counts = rules.endpoints_visible_to(user).aggregate(
        total=Count("pk"),
        stopped=Count("pk", filter=Q(state=EndpointState.STOPPED)),
        failing=Count("pk", filter=Q(state=EndpointState.ACTIVE, failing_since_at__isnull=False)),
    )
    return counts if counts["total"] else None


def declare() -> None:
    """Fill the shell's registries."""
    register_panel(
        Panel(
            code="webhooks.endpoints",
            title=_("Envois vers d’autres systèmes"),
            template="webhooks/panels/endpoints.html",
            context=_panel,
            order=85,
        )
    )
