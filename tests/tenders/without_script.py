"""The page of an answer as a browser without script plays it: hidden fields come back, a recap comes before the act."""

import re
from html import unescape

from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse

_HIDDEN = re.compile(r"<input type=\"hidden\"[^>]*>")
_ACTION = re.compile(r'<form[^>]*id="reponse" action="([^"]*)"')


def hidden(page) -> dict[str, list[str]]:
    """The hidden fields of the form: what it shows, what it replaces, the names that only it knows."""
    found: dict[str, list[str]] = {}
    for field in _HIDDEN.findall(page.content.decode()):
        told = dict(re.findall(r'(\w+)="([^"]*)"', field))
        if told["name"] != "csrfmiddlewaretoken":
            found.setdefault(told["name"], []).append(unescape(told.get("value", "")))
    return found


def action(tender, page) -> str:
    """Where the form of this page goes."""
    return reverse("tenders:answer", args=[tender.pk]) + unescape(
        _ACTION.search(page.content.decode()).group(1)
    )


def without_files(data: dict) -> dict:
    """What a form that is shown again still holds: its files are already with the server."""
    return {
        name: value
        for name, value in data.items()
        if not (isinstance(value, list) and value and isinstance(value[0], UploadedFile))
    }


def verify(client, tender, data: dict):
    """The recap of an answer, or the page with what is wrong."""
    page = client.get(reverse("tenders:answer", args=[tender.pk]))
    return client.post(action(tender, page), hidden(page) | data)


def deposit(client, tender, recap, data: dict, *, follow=True):
    """The button of the recap."""
    told = hidden(recap) | without_files(data) | {"deposer": "1"}
    return client.post(action(tender, recap), told, follow=follow)


def answer(client, tender, data: dict):
    """Everything, up to the receipt."""
    return deposit(client, tender, verify(client, tender, data), data)
