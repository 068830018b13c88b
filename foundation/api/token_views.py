"""The pages of access tokens: one's own, and those of the programs of an organisation."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation import clock
from foundation.accounts.fresh import fresh_sign_in_required
from foundation.accounts.models import Organisation
from foundation.accounts.rules import organisations_visible_to
from foundation.accounts.selectors import roles_awaited
from foundation.api import rules, scopes, services
from foundation.api.forms import ProgramForm, ScopesForm, TokenForm
from foundation.api.models import AccessToken, Program
from foundation.api.selectors import shown_tokens
from foundation.screens.doors import submitted


@login_required
@require_safe
@never_cache
def token_list(request):
    """One's own tokens, with their scopes, last use and expiry."""
    tokens = shown_tokens(rules.tokens_visible_to(request.user), at=clock.now())
    return render(request, "api/tokens.html", {"tokens": tokens, "breadcrumbs": _profile_breadcrumbs()})


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
@fresh_sign_in_required
def token_create(request):
    """Create a token; its secret is in the answer to this request and nowhere else."""
    form = TokenForm(request.POST or None)
    if request.method == "POST":
        created = submitted(
            request, form, lambda data: services.token_create(**data, by=request.user, at=clock.now())
        )
        if created:
            return _shown_once(request, *created, reverse("tokens:list"), _profile_breadcrumbs())
    return render(request, "api/token_create.html", {"form": form, "breadcrumbs": _profile_breadcrumbs()})


@login_required
@require_POST
def token_revoke(request, token_key):
    """Revoke one of one's own tokens."""
    token = get_object_or_404(rules.tokens_visible_to(request.user), token_key=token_key)
    services.token_revoke(token=token, by=request.user, at=clock.now())
    messages.success(request, _("Le jeton « %(name)s » est révoqué.") % {"name": token.name})
    return redirect("tokens:list")


@login_required
@require_safe
@never_cache
def program_list(request, pk):
    """The programs of an organisation with their roles and their tokens, for who administers it."""
    organisation, at = _administered(request, pk), clock.now()
    programs = (
        rules.programs_visible_to(request.user)
        .filter(organisation=organisation)
        .select_related("user", "created_by")
        .prefetch_related(
            "user__memberships", Prefetch("user__auth_token_set", AccessToken.objects.order_by("expiry"))
        )
    )
    rows = [(program, shown_tokens(program.user.auth_token_set.all(), at=at)) for program in programs]
    context = {
        "organisation": organisation,
        "programs": rows,
        "breadcrumbs": _organisation_breadcrumbs(organisation),
    }
    return render(request, "api/programs.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
@fresh_sign_in_required
def program_open(request, pk):
    """Open a program; the secret of its first token is in the answer and nowhere else."""
    organisation = _administered(request, pk)
    form = ProgramForm(request.POST or None, organisation=organisation)
    if request.method == "POST":
        opened = submitted(
            request,
            form,
            lambda data: services.program_open(
                organisation=organisation, **data, by=request.user, at=clock.now()
            ),
        )
        if opened:
            if roles_awaited(opened[0].user).exists():
                messages.info(
                    request, _("Ses rôles attendent une seconde personne : son jeton n’ouvre rien avant.")
                )
            return _program_secret(request, organisation, *opened[1:])
    context = {
        "form": form,
        "organisation": organisation,
        "breadcrumbs": _organisation_breadcrumbs(organisation),
    }
    return render(request, "api/program_open.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
@fresh_sign_in_required
def program_token_create(request, pk):
    """Give a program its next token, with the scopes of the last one ticked."""
    program = _program(request, pk)
    latest = program.user.auth_token_set.order_by("-created").first()
    initial = {"scopes": latest.scopes if latest else [scopes.READ]}
    form = ScopesForm(request.POST or None, initial=initial)
    if request.method == "POST":
        created = submitted(
            request,
            form,
            lambda data: services.program_token_create(
                program=program, **data, by=request.user, at=clock.now()
            ),
        )
        if created:
            return _program_secret(request, program.organisation, *created)
    context = {
        "form": form,
        "program": program,
        "breadcrumbs": _organisation_breadcrumbs(program.organisation),
    }
    return render(request, "api/program_token_create.html", context)


@login_required
@require_POST
def program_token_revoke(request, pk, token_key):
    """Revoke one token of a program; the others go on."""
    program = _program(request, pk)
    token = get_object_or_404(program.user.auth_token_set, token_key=token_key)
    services.token_revoke(token=token, by=request.user, at=clock.now())
    messages.success(request, _("Le jeton de « %(name)s » est révoqué.") % {"name": program.name})
    return redirect("tokens:program_list", program.organisation_id)


@login_required
@require_POST
def program_close(request, pk):
    """Close a program for good."""
    program = _program(request, pk)
    services.program_close(program=program, by=request.user, at=clock.now())
    messages.success(
        request, _("Le programme « %(name)s » est fermé, ses jetons aussi.") % {"name": program.name}
    )
    return redirect("tokens:program_list", program.organisation_id)


def _administered(request, pk) -> Organisation:
    organisation = get_object_or_404(organisations_visible_to(request.user), pk=pk)
    if not rules.can_manage_programs(request.user, organisation):
        raise Http404
    return organisation


def _program(request, pk) -> Program:
    programs = rules.programs_visible_to(request.user).filter(closed_at=None)
    return get_object_or_404(programs.select_related("organisation", "user"), pk=pk)


def _program_secret(request, organisation, token, secret):
    back = reverse("tokens:program_list", args=[organisation.pk])
    return _shown_once(request, token, secret, back, _organisation_breadcrumbs(organisation))


def _shown_once(request, token, secret, back, breadcrumbs):
    context = {"token": token, "secret": secret, "back": back, "breadcrumbs": breadcrumbs}
    return render(request, "api/token_created.html", context)


def _profile_breadcrumbs():
    return [
        (_("Accueil"), "/"),
        (_("Profil"), reverse("accounts:profile")),
        (_("Jetons d’accès à l’API"), None),
    ]


def _organisation_breadcrumbs(organisation):
    return [
        (_("Accueil"), "/"),
        (organisation.name, reverse("accounts:organisation_detail", args=[organisation.pk])),
        (_("Programmes"), None),
    ]
