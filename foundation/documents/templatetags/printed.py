"""Facts are JSON: these filters give dates back to templates, to be followed by those of `jalon`."""

from datetime import date, datetime

from django import template

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
