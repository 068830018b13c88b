"""Cursor pagination: constant cost at any depth, and no row seen twice when others are added meanwhile."""

from django.core.exceptions import ValidationError
from django.db import DataError
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination as DrfCursorPagination


class CursorPagination(DrfCursorPagination):
    """Twenty rows a page, up to a hundred with `?page_size=`; newest first unless the view says `ordering`.

    The field ordered by must not be null: the cursor is made of its value.
    """

    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100
    ordering = "-pk"

    def paginate_queryset(self, queryset, request, view=None):
        """The page. Raises NotFound for a cursor that is none, or that of another list."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, ValidationError, DataError) as error:
            if self.cursor_query_param not in request.query_params:
                raise
            raise NotFound(self.invalid_cursor_message) from error

    def get_paginated_response_schema(self, schema):
        """A page: its rows, and the addresses of its neighbours, null at the ends."""
        address = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": address, "previous": address, "results": schema},
        }

    def get_ordering(self, request, queryset, view):
        """The view's order, made total by the primary key so that pages never overlap."""
        ordering = tuple(super().get_ordering(request, queryset, view))
        if any(name.lstrip("-") in ("pk", "id") for name in ordering):
            return ordering
        return (*ordering, "-pk" if ordering[0].startswith("-") else "pk")
