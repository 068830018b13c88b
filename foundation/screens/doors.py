"""What every page door does with a submitted form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from foundation.errors import Refusal

Result = TypeVar("Result")


def submitted(
    request: HttpRequest, form: forms.BaseForm, call: Callable[[dict[str, Any]], Result]
) -> Result | None:
    """Validate the form and call the service; None when the page must be shown again with its errors.

    A `Refusal` of the service becomes an error beside the field it names, and what was typed is kept.
    `call` returns the object it made or changed, so that None means "show the form again".
    """
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return call(form.cleaned_data)
    except Refusal as refusal:
        refusal.add_to(form)
        return None


def attempt(request: HttpRequest, call: Callable[[], Any], done: str) -> bool:
    """Call a service from a button; its refusal or its success becomes a message."""
    try:
        call()
    except Refusal as refusal:
        for reason in refusal.reasons:
            messages.error(request, str(reason))
        return False
    messages.success(request, done)
    return True
