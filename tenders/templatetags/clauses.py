"""Clauses as HTML of the restricted markup, their variables replaced by words."""

from django import template
from django.utils.safestring import SafeString

from foundation.documents.markup import to_html

register = template.Library()


@register.filter
def clause_html(text: str, values: dict[str, str]) -> SafeString:
    """The clause for a page, cleaned by the foundation; a value never becomes markup."""
    return to_html(text, values)


@register.filter
def entry(mapping: dict, key: str):
    """What a mapping holds under a key that only the page knows."""
    return mapping.get(key)
