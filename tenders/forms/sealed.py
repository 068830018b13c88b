"""What the scripts of the page send instead of what they sealed: read strictly, or refused whole."""

import base64
import binascii
import json
import re
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from tenders.services import SealedAnswer, SealedFacts, Seen

_HEX64 = re.compile(r"[0-9a-f]{64}")
_BROKEN = (RecursionError, ValueError, TypeError, KeyError, AttributeError, binascii.Error)


class SealedField(django_forms.CharField):
    """A hidden JSON text that `read` turns into what a service takes; any fault is one and the same refusal."""

    widget = django_forms.HiddenInput
    default_error_messages = {
        "invalid": _("Ce que votre appareil a scellé est arrivé incomplet : rechargez la page.")
    }

    def __init__(self, read, **kwargs):
        self._read = read
        super().__init__(required=False, **kwargs)

    def clean(self, value):
        """What `read` gives; None when the page sent nothing."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return self._read(json.loads(text))
        except _BROKEN as error:
            raise django_forms.ValidationError(self.error_messages["invalid"]) from error


def read_answer(told: dict[str, Any]) -> tuple[SealedAnswer, Seen]:
    """A sealed answer, and what its page showed (`pli`)."""
    parts = tuple(_part(one) for one in told["parts"])
    replaces = UUID(told["replaces"]) if told["replaces"] else None
    seen = Seen(frozenset(UUID(one) for one in told["files"]), replaces)
    return SealedAnswer(parts, _hex64(told["commitment"])), seen


def _part(told: dict[str, Any]) -> SealedFacts:
    lot = None if told["lot"] is None else int(told["lot"])
    return SealedFacts(UUID(told["id"]), str(told["kind"]), lot, _bytes(told["sealed"]))


def read_key(told: dict[str, Any]) -> dict[str, Any]:
    """A custodian's key that his device made and locked (`key`)."""
    found = {
        name: bytes.fromhex(told[name]) for name in ("public_key", "signing_key", "certificate", "locked")
    }
    return found | {"parameters": dict(told["parameters"])}


def read_signature(told: dict[str, Any]) -> dict[str, Any]:
    """The answer of a device to a challenge (`signature`)."""
    return {"challenge": str(told["challenge"]), "signature": bytes.fromhex(told["signature"])}


def read_shares(told: list[dict[str, Any]]) -> dict[UUID, bytes]:
    """The shares that a device unsealed, by bid (`shares`)."""
    return {UUID(one["bid"]): _bytes(one["share"]) for one in told}


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _hex64(text: str) -> str:
    if not _HEX64.fullmatch(text):
        raise ValueError("digest")
    return text
