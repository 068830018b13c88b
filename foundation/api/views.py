"""The pages of the API for people: what a problem means, and the reference."""

from functools import cache

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiJsonRenderer2
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.views import APIView

from foundation.api import reference, scopes
from foundation.api.problems import KINDS


@extend_schema(exclude=True)
class UnknownAddress(APIView):
    """Any address of the API that no route knows: a problem 404, not a page."""

    permission_classes = [AllowAny]

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        raise NotFound()

    def http_method_not_allowed(self, request, *args, **kwargs):
        raise NotFound()


@require_safe
def problem_page(request, code):
    """What a kind of problem means and what to do; the address is the `type` of the problem."""
    kind = KINDS.get(code)
    if kind is None:
        raise Http404
    return render(request, "api/problem.html", {"kind": kind, "breadcrumbs": _breadcrumbs(kind.title)})


@require_safe
def docs_page(request):
    """The reference, readable without any script, made from the same schema that programs read."""
    context = {
        "reference": _reference(),
        "kinds": KINDS.values(),
        "scopes": scopes.choices(),
        "rates": settings.API_RATES,
        "breadcrumbs": [(_("Accueil"), "/"), (_("API"), None)],
    }
    return render(request, "api/docs.html", context)


@cache
def _schema():
    """The schema takes a second of CPU and does not change while the process lives: it is made once."""
    return SchemaGenerator().get_schema(request=None, public=True)


@cache
def _reference():
    return reference.read(_schema())


class KeptSchema(SchemaGenerator):
    """Gives the schema that was kept."""

    def get_schema(self, request=None, public=False):
        """The whole public schema, for everyone."""
        return _schema()


class SchemaView(SpectacularAPIView):
    """The OpenAPI document, in JSON."""

    generator_class = KeptSchema
    renderer_classes = [OpenApiJsonRenderer2, OpenApiJsonRenderer]


def _breadcrumbs(title):
    return [(_("Accueil"), "/"), (_("API"), reverse("api:docs")), (title, None)]
