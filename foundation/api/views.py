"""The pages of the API for people: what a problem means, the reference, and one's own tokens."""

from functools import cache

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiJsonRenderer2
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.views import APIView

from foundation import clock
from foundation.api import reference, rules, services
from foundation.api.forms import TokenForm
from foundation.api.problems import KINDS
from foundation.screens.doors import submitted


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


@login_required
@require_safe
@never_cache
def token_list(request):
    """One's own tokens, with their last use and expiry."""
    context = {
        "tokens": rules.tokens_visible_to(request.user),
        "now": clock.now(),
        "breadcrumbs": _profile_breadcrumbs(),
    }
    return render(request, "api/tokens.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def token_create(request):
    """Create a token; its secret is in the answer to this request and nowhere else."""
    form = TokenForm(request.POST or None)
    if request.method == "POST":
        created = submitted(
            request, form, lambda data: services.token_create(**data, by=request.user, at=clock.now())
        )
        if created:
            token, secret = created
            context = {"token": token, "secret": secret, "breadcrumbs": _profile_breadcrumbs()}
            return render(request, "api/token_created.html", context)
    return render(request, "api/token_create.html", {"form": form, "breadcrumbs": _profile_breadcrumbs()})


@login_required
@require_POST
def token_revoke(request, token_key):
    """Revoke one of one's own tokens."""
    token = get_object_or_404(rules.tokens_visible_to(request.user), token_key=token_key)
    services.token_revoke(token=token, by=request.user, at=clock.now())
    messages.success(request, _("Le jeton « %(name)s » est révoqué.") % {"name": token.name})
    return redirect("tokens:list")


def _breadcrumbs(title):
    return [(_("Accueil"), "/"), (_("API"), reverse("api:docs")), (title, None)]


def _profile_breadcrumbs():
    return [
        (_("Accueil"), "/"),
        (_("Profil"), reverse("accounts:profile")),
        (_("Jetons d’accès à l’API"), None),
    ]
