"""Quantities, look-ups and bars of the pages of this stage."""

from decimal import Decimal

from django import template
from django.utils.html import format_html

from foundation.screens.templatetags.jalon import days

register = template.Library()


@register.filter
def quantity(value) -> str:
    """« 2 » or « 1,5 »: a quantity without useless zeros."""
    return days(value).removesuffix("\u00a0j")


@register.filter
def at_key(mapping, key):
    """The value of a dictionary at this key; None when there is none."""
    return (mapping or {}).get(key)


@register.simple_tag
def bar(done, planned, label):
    """A bar drawn on the server: what is done of what was planned; what goes beyond is told in the label."""
    done, planned = Decimal(done or 0), Decimal(planned or 0)
    share = min(done / planned, Decimal(1)) if planned else Decimal(0)
    return format_html(
        '<svg class="jalon-bar" role="img" aria-label="{}" viewBox="0 0 100 8" width="160" height="12"'
        ' preserveAspectRatio="none"><rect width="100" height="8" rx="2" fill="#d9dee2"></rect>'
        '<rect width="{}" height="8" rx="2" fill="#0f4c5c"></rect></svg>',
        label,
        f"{share * 100:.1f}",
    )
