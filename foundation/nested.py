"""Rows read inside the row that they belong to: one statement for a table and for those that hang from it.

`prefetch_related` asks a statement for each table; under a consultation, there are six of them.
"""

import json
from collections.abc import Sequence
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Field, Func, Model, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast
from django.db.models.query import ModelIterable

_NAME = "rows_of_{}"


def with_rows(queryset: QuerySet, *relations: str, **others: QuerySet) -> QuerySet:
    """The same objects, each with its rows of these reverse relations, as `prefetch_related` leaves them:
    `lot.price_lines.all()` asks nothing more. For small tables that are shown whole.

    `others` are rows found otherwise, from `OuterRef("pk")`, less the columns that they defer: each is a list, the
    attribute of that name.
    """
    wanted = {name: _of(queryset.model, name) for name in relations} | others
    found = queryset.annotate(**{_NAME.format(name): _texts(rows) for name, rows in wanted.items()})
    found._iterable_class = type("Nested", (_Nested,), {"relations": relations, "others": others})
    return found


class _Nested(ModelIterable):
    """Objects in the order of the statement, their rows put where Django looks for what was read already."""

    relations: tuple[str, ...] = ()
    others: dict[str, QuerySet] = {}

    def __iter__(self):
        for parent in super().__iter__():
            for name in self.relations:
                link = parent._meta.get_field(name)
                rows = getattr(parent, name).all()
                rows._result_cache = _taken(
                    parent, name, link.related_model, link.related_model._meta.concrete_fields
                )
                rows._prefetch_done = True
                for row in rows._result_cache:
                    setattr(row, link.field.name, parent)
                parent.__dict__.setdefault("_prefetched_objects_cache", {})[name] = rows
            for name, rows in self.others.items():
                setattr(parent, name, _taken(parent, name, rows.model, _read(rows)))
            yield parent


def _of(model: type[Model], relation: str) -> QuerySet:
    """The rows of a reverse relation, in their order less its first term: the parent, the same for all."""
    link = model._meta.get_field(relation)
    child = link.related_model
    order = [term for term in child._meta.ordering if term != link.field.name]
    return child._default_manager.filter(**{link.field.name: OuterRef("pk")}).order_by(*order)


def _texts(rows: QuerySet) -> ArraySubquery:
    """These rows as an array of JSON texts, each the list of the columns."""
    columns = [field.attname for field in _read(rows)]
    return ArraySubquery(rows.values(row=Cast(Func(*columns, function="JSON_BUILD_ARRAY"), TextField())))


def _read(rows: QuerySet) -> list[Field]:
    """The columns of these rows but those that they defer."""
    named, is_deferred = rows.query.deferred_loading
    return [field for field in rows.model._meta.concrete_fields if not is_deferred or field.name not in named]


def _taken(parent: Model, name: str, model: type[Model], fields: Sequence[Field]) -> list[Model]:
    """The rows that came with `parent`, as objects."""
    names = [field.attname for field in fields]
    rows = (json.loads(text, parse_float=Decimal) for text in parent.__dict__.pop(_NAME.format(name)))
    read = ([field.to_python(value) for field, value in zip(fields, row, strict=True)] for row in rows)
    return [model.from_db(parent._state.db, names, values) for values in read]
