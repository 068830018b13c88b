"""Which of the people of a page have an address that refuses our messages."""

from collections.abc import Iterable

from django import template

from foundation.notifications import selectors

register = template.Library()


@register.simple_tag
def refusing(people: Iterable) -> set[str]:
    """The addresses, in lower case, of those of these people whose mail refuses our messages; one query."""
    return selectors.refuses([person.user.email for person in people])
