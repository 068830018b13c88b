"""The bytes of facts and of rows, and their digest."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from functools import cache

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.fields.files import FieldFile


def canonical(facts: dict) -> str:
    """`facts` as JSON with sorted keys and no spaces: the same facts always give the same bytes."""
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False, cls=DjangoJSONEncoder)


def digest(facts: dict | None) -> str:
    """SHA-256 of `facts`, in hexadecimal; empty when there are none."""
    return hashlib.sha256(canonical(facts).encode()).hexdigest() if facts is not None else ""


def columns(row: models.Model, *left_out: str) -> dict:
    """Every column of a row but those `left_out`: bytes by their digest, a file by its name, instants whole.

    Raises KeyError when one of `left_out` is no column.
    """
    return {field.attname: _plain(field.value_from_object(row)) for field in _fields(type(row), left_out)}


def columns_of(rows: Iterable[models.Model], *left_out: str) -> list[dict]:
    """The same for several rows, by their primary key."""
    return [columns(row, *left_out) for row in sorted(rows, key=lambda row: row.pk)]


@cache
def _fields(model: type[models.Model], left_out: tuple[str, ...]) -> list[models.Field]:
    known = {field.attname: field for field in model._meta.concrete_fields if not field.generated}
    for name in left_out:
        known.pop(name)
    return list(known.values())


def _plain(value):
    if isinstance(value, bytes | memoryview):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, datetime):
        return value.isoformat()  # DjangoJSONEncoder drops the microseconds
    return value.name if isinstance(value, FieldFile) else value
