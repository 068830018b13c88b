"""Filters that refuse what they do not know: a misspelt parameter must not answer with every row."""

from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.filters import OrderingFilter as DrfOrderingFilter

from foundation.api import sparse


class FilterBackend(DjangoFilterBackend):
    """The filters of the viewset; their form is made only when the address names one of them."""

    def filter_queryset(self, request, queryset, view):
        """The rows that answer. Raises ValidationError for a value that is none."""
        found = self.get_filterset_class(view, queryset)
        if found is None or found.base_filters.keys().isdisjoint(request.query_params):
            return queryset
        return super().filter_queryset(request, queryset, view)


class OrderingFilter(DrfOrderingFilter):
    """`?ordering=-created_at` among the `ordering_fields` of the viewset; any other name is refused."""

    def get_valid_fields(self, queryset, view, context=None):
        """The declared fields only: a nullable one would break the cursor."""
        return [(name, name) for name in view.ordering_fields]

    def remove_invalid_fields(self, queryset, fields, view, request):
        """The asked fields, all known. Raises ValidationError otherwise."""
        unknown = [name for name in fields if name.removeprefix("-") not in view.ordering_fields]
        if unknown:
            raise _refused("ordering", unknown[0], view.ordering_fields)
        return fields


def check_parameters(request, view) -> None:
    """Raise 422 for a parameter of the query string that this address does not read."""
    known = known_parameters(view)
    for name in request.query_params:
        if name not in known:
            raise _refused(name, name, sorted(known))


def known_parameters(view) -> set[str]:
    """The parameters that reading at this address understands."""
    known = {sparse.PARAMETER, *view.own_parameters}
    if view.search_fields:
        known.add("search")
    if view.ordering_fields:
        known.add("ordering")
    if view.paginator is not None:
        known |= {view.paginator.cursor_query_param, view.paginator.page_size_query_param}
    filterset = getattr(view, "filterset_class", None)
    return known | set(filterset.base_filters if filterset else getattr(view, "filterset_fields", ()))


def _refused(parameter, name, known):
    message = _("« %(name)s » n’est pas connu ici. Connus : %(known)s.") % {
        "name": name[:80],
        "known": ", ".join(known) or _("aucun"),
    }
    return ValidationError({parameter: [ErrorDetail(message, code="unknown")]})
