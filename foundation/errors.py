"""Refusals: what the platform says when a rule forbids an act."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django import forms


@dataclass(frozen=True)
class Reason:
    """One reason: a French sentence that says what is wrong and what to do, its field and its article."""

    message: str
    field: str = ""
    article: str = ""
    code: str = "invalid"

    def __str__(self) -> str:
        """The sentence, with its article in brackets before the full stop."""
        if not self.article:
            return str(self.message)
        return f"{str(self.message).removesuffix('.')} ({self.article})."


def field_path(*keys: object) -> str:
    """The place of a value inside a submission, `prices.1.UO-2`: what a program sends, and a page maps to its field.
    A point inside a key (the code of a line) is told apart.
    """
    return ".".join(str(key).replace(".", r"\.") for key in keys)


def field_keys(field: str) -> list[str]:
    """The keys of a `field_path`; none when it is empty."""
    return [key.replace(r"\.", ".") for key in re.split(r"(?<!\\)\.", field)] if field else []


class Refusal(Exception):
    """An act refused by a rule. Carries one or several reasons.

    Codes: `invalid`, `forbidden`, `conflict`, `too_early`, `too_late`, `ceiling`.
    """

    def __init__(self, message: str, *, field: str = "", article: str = "", code: str = "invalid") -> None:
        self.reasons = (Reason(message, field, article, code),)
        super().__init__(str(self.reasons[0]))

    @classmethod
    def of(cls, reasons: Iterable[Reason]) -> "Refusal":
        """A refusal with several reasons."""
        reasons = tuple(reasons)
        refusal = cls(reasons[0].message)
        refusal.reasons = reasons
        refusal.args = (" ".join(str(reason) for reason in reasons),)
        return refusal

    @property
    def code(self) -> str:
        """The code of the first reason: it decides the status of the API's answer."""
        return self.reasons[0].code

    def add_to(self, form: forms.Form) -> None:
        """Set each reason beside its field of `form`, or above the form when it has no such field."""
        for reason in self.reasons:
            form.add_error(reason.field if reason.field in form.fields else None, str(reason))
