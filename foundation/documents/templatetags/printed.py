"""Facts are JSON: these filters give dates back to templates, to be followed by those of `jalon`."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext as _

PARIS = ZoneInfo("Europe/Paris")

register = template.Library()


@register.filter
def day(value: str | date | None) -> date | None:
    """The date written in ISO form among the facts: `{{ facts.start_date|day|date_short }}`."""
    return date.fromisoformat(value) if isinstance(value, str) and value else value or None


@register.filter
def instant(value: str | datetime | None) -> datetime | None:
    """The instant written in ISO form among the facts: `{{ facts.signed_at|instant|datetime_short }}`."""
    return datetime.fromisoformat(value) if isinstance(value, str) and value else value or None


@register.filter
def grouped_siret(value: str) -> str:
    """A SIRET as people read it: 120 001 011 00010 (no-break spaces)."""
    return "\u00a0".join((value[:3], value[3:6], value[6:9], value[9:]))


@register.filter
def exact_instant(value: str | datetime | None) -> str:
    """The same to the second, for what a second decides: « 3 mars 2026 à 11:59:58 (heure de Paris) »."""
    found = instant(value)
    if not found:
        return ""
    here = date_format(found.astimezone(PARIS), "j F Y à H:i:s")
    return _("%(when)s (heure de Paris)") % {"when": here}
