"""The pages of whoever runs the platform; /metrics has its own test (it asks for a token, not for a person)."""

from tests.access.matrix import EVERYONE, Row

ROWS = {
    # The test client comes from this machine, which may measure when no token is set.
    "operations:metrics": Row(allowed=EVERYONE),
    "operations:state": Row(allowed={"platform_admin@platform"}),
    "operations:tasks": Row(allowed={"platform_admin@platform"}),
}
