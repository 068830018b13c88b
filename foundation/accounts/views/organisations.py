"""Pages on organisations: who belongs there, with which role."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation import clock
from foundation.accounts import rules, services
from foundation.accounts.forms import MemberForm, OrganisationForm
from foundation.accounts.fresh import fresh_sign_in_required
from foundation.accounts.invitations import send_invitation
from foundation.accounts.models import Membership, User
from foundation.errors import Refusal
from foundation.journal.selectors import history
from foundation.screens.doors import submitted

PER_PAGE = 25


@login_required
@require_safe
def organisation_list(request):
    """The organisations one belongs to; all of them for the platform administrator."""
    organisations = (
        rules.organisations_visible_to(request.user)
        .order_by("name", "pk")
        .annotate(people=Count("memberships__user", distinct=True))
    )
    searched = request.GET.get("q", "").strip()
    if searched:
        organisations = organisations.filter(Q(name__icontains=searched) | Q(siret__startswith=searched))
    context = {
        "page_obj": Paginator(organisations, PER_PAGE).get_page(request.GET.get("page")),
        "searched": searched,
        "can_create": rules.can_create_organisation(request.user),
        "can_manage_users": rules.can_manage_users(request.user),
        "breadcrumbs": [(_("Accueil"), "/"), (_("Organisations"), None)],
    }
    return render(request, "accounts/organisation_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def organisation_create(request):
    """A buyer's organisation, or another body, opened by the platform administrator."""
    if not rules.can_create_organisation(request.user):
        raise Http404
    form = OrganisationForm(request.POST or None)
    created = submitted(
        request, form, lambda data: services.organisation_create(**data, by=request.user, at=clock.now())
    )
    if created:
        messages.success(request, _("L’organisation est créée : ajoutez son premier administrateur."))
        return redirect("accounts:organisation_detail", pk=created.pk)
    context = {"form": form, "breadcrumbs": _organisations_trail(_("Nouvelle organisation"))}
    return render(request, "accounts/organisation_create.html", context)


@login_required
@require_safe
def organisation_detail(request, pk):
    """An organisation with its members and their roles."""
    organisation = get_object_or_404(rules.organisations_visible_to(request.user), pk=pk)
    can_manage = rules.can_manage_members(request.user, organisation)
    context = {
        "organisation": organisation,
        "memberships": organisation.memberships.select_related("user").order_by("user__full_name", "role"),
        "can_manage": can_manage,
        "history": history(organisation) if can_manage else [],
        "breadcrumbs": _organisations_trail(organisation.name),
    }
    return render(request, "accounts/organisation_detail.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@fresh_sign_in_required
def member_add(request, pk):
    """Give a role to a person, whose account is opened when there is none."""
    organisation = _managed_organisation(request.user, pk)
    form = MemberForm(request.POST or None, organisation=organisation, by=request.user)
    invited = submitted(
        request,
        form,
        lambda data: services.member_invite(
            organisation=organisation, **data, by=request.user, at=clock.now()
        ),
    )
    if invited:
        membership, is_new = invited
        if is_new:
            send_invitation(membership.user, organisation, request.user)
        messages.success(
            request,
            _("%(person)s a maintenant le rôle « %(role)s ».")
            % {"person": membership.user, "role": membership.get_role_display()},
        )
        return redirect("accounts:organisation_detail", pk=organisation.pk)
    context = {
        "form": form,
        "organisation": organisation,
        "breadcrumbs": _organisations_trail(_("Ajouter un membre"), organisation),
    }
    return render(request, "accounts/member_add.html", context)


@login_required
@require_POST
@fresh_sign_in_required
def member_remove(request, pk, membership_pk):
    """Take a role back."""
    organisation = _managed_organisation(request.user, pk)
    membership = get_object_or_404(
        Membership.objects.select_related("user", "organisation"), organisation=organisation, pk=membership_pk
    )
    try:
        services.membership_remove(membership=membership, by=request.user, at=clock.now())
        messages.success(request, _("Le rôle est retiré."))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    if not rules.organisations_visible_to(User.objects.get(pk=request.user.pk)).filter(pk=pk).exists():
        return redirect("accounts:profile")
    return redirect("accounts:organisation_detail", pk=pk)


def _managed_organisation(user, pk):
    organisation = get_object_or_404(rules.organisations_visible_to(user), pk=pk)
    if not rules.can_manage_members(user, organisation):
        raise Http404
    return organisation


def _organisations_trail(title, organisation=None):
    trail = [(_("Accueil"), "/"), (_("Organisations"), reverse("accounts:organisation_list"))]
    if organisation is not None:
        trail.append((organisation.name, reverse("accounts:organisation_detail", args=[organisation.pk])))
    return [*trail, (title, None)]
