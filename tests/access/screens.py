"""The public pages of the shell; the dashboard needs only to be somebody."""

from tests.access.matrix import EVERYONE, SIGNED_IN, Row

ROWS = {
    "screens:home": Row(allowed=EVERYONE),
    "screens:dashboard": Row(allowed=SIGNED_IN),
    "screens:help": Row(allowed=EVERYONE),
    "screens:accessibility": Row(allowed=EVERYONE),
    "screens:legal": Row(allowed=EVERYONE),
    "screens:site_map": Row(allowed=EVERYONE),
    "screens:style_guide": Row(allowed=EVERYONE),
    "screens:robots": Row(allowed=EVERYONE),
    "screens:security": Row(allowed=EVERYONE),
    "screens:healthz": Row(allowed=EVERYONE),
    "screens:readyz": Row(allowed=EVERYONE, ok={200, 503}),
}
