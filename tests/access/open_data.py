"""Open data: for anyone."""

from tests.access.matrix import EVERYONE, Row

ROWS = {
    "open_data:home": Row(allowed=EVERYONE),
    "open_data:releases": Row(allowed=EVERYONE),
    "open_data:records": Row(allowed=EVERYONE),
    "open_data:releases_lines": Row(allowed=EVERYONE),
}
