"""The one search box: open to everyone, each finding only what the rules of the stages let him see."""

from tests.access.matrix import EVERYONE, Row

ROWS = {
    "search:results": Row(allowed=EVERYONE),
    "api:search-list": Row(allowed=EVERYONE, ok={200, 422}),
}
