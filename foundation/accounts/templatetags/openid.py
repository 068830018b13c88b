"""The identity provider, for the pages that offer it."""

from django import template
from django.conf import settings

from foundation.accounts.openid import is_configured

register = template.Library()


@register.simple_tag
def proconnect_name() -> str:
    """The name of the configured provider; empty when there is none."""
    return settings.PROCONNECT_NAME if is_configured() else ""
