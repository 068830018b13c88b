"""Rows read inside the row that they belong to: one statement for a table and for those that hang from it.

`prefetch_related` asks a statement for each table; under a consultation, there are six of them.
"""

import json
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, Model, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast
from django.db.models.query import ModelIterable

_NAME = "rows_of_{}"


def with_rows(queryset: QuerySet, *relations: str) -> QuerySet:
    """The same objects, each with its rows of these reverse relations, as `prefetch_related` leaves them:
    `lot.price_lines.all()` asks nothing more. For small tables that are shown whole.
    """
    found = queryset.annotate(**{_NAME.format(name): _rows(queryset.model, name) for name in relations})
    found._iterable_class = type("Nested", (_Nested,), {"relations": relations})
    return found


class _Nested(ModelIterable):
    """Objects in the order of the statement, their rows put where Django looks for what was read already."""

    relations: tuple[str, ...] = ()

    def __iter__(self):
        for parent in super().__iter__():
            for name in self.relations:
                rows = getattr(parent, name).all()
                rows._result_cache = _read(parent, name, parent.__dict__.pop(_NAME.format(name)))
                rows._prefetch_done = True
                parent.__dict__.setdefault("_prefetched_objects_cache", {})[name] = rows
            yield parent


def _rows(model: type[Model], relation: str) -> ArraySubquery:
    """The rows of a reverse relation as an array of JSON texts, each the list of the columns."""
    link = model._meta.get_field(relation)
    child = link.related_model
    columns = [field.attname for field in child._meta.concrete_fields]
    row = Cast(Func(*columns, function="JSON_BUILD_ARRAY"), TextField())
    # The first term of the order is the parent, the same for all.
    order = [term for term in child._meta.ordering if term != link.field.name]
    rows = child._default_manager.filter(**{link.field.name: OuterRef("pk")}).order_by(*order)
    return ArraySubquery(rows.values(row=row))


def _read(parent: Model, relation: str, texts: list[str]) -> list[Model]:
    link = parent._meta.get_field(relation)
    fields = link.related_model._meta.concrete_fields
    names = [field.attname for field in fields]
    rows = []
    for text in texts:
        values = json.loads(text, parse_float=Decimal)
        row = link.related_model.from_db(
            parent._state.db,
            names,
            [field.to_python(value) for field, value in zip(fields, values, strict=True)],
        )
        setattr(row, link.field.name, parent)
        rows.append(row)
    return rows
