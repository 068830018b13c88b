"""What is sent to other systems."""

from .environment import env

WEBHOOKS_PORTS = env.list("WEBHOOKS_PORTS", cast=int, default=[443, 8443])
WEBHOOKS_BLOCKED_NETWORKS = env.list("WEBHOOKS_BLOCKED_NETWORKS", default=[])
"""Networks of the installation that have public addresses (203.0.113.0/24): nothing is sent there."""
WEBHOOKS_ALLOW_LOOPBACK = False
"""Never but where one develops and tests."""
WEBHOOKS_STOP_AFTER_DAYS = env.int("WEBHOOKS_STOP_AFTER_DAYS", default=5)
WEBHOOKS_KEEP_DAYS = env.int("WEBHOOKS_KEEP_DAYS", default=90)
