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
from foundation.accounts import rules, selectors, services
from foundation.accounts.approvals.registry import worded
from foundation.accounts.approvals.rules import approvals_visible_to
from foundation.accounts.enums import ApprovalState
from foundation.accounts.forms import MemberForm, OrganisationForm
from foundation.accounts.fresh import fresh_sign_in_required
from foundation.accounts.middleware import CHOSEN
from foundation.accounts.models import Approval, Membership, User
from foundation.api.rules import can_manage_programs
from foundation.errors import Refusal
from foundation.journal.selectors import history
from foundation.screens.doors import attempt, submitted

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
        messages.success(request, _("L’organisation est créée : invitez son premier administrateur."))
        return redirect("accounts:organisation_detail", pk=created.pk)
    context = {"form": form, "breadcrumbs": organisations_trail(_("Nouvelle organisation"))}
    return render(request, "accounts/organisation_create.html", context)


@login_required
@require_safe
def organisation_detail(request, pk):
    """An organisation: its members and their roles, who stands in for whom, who is invited or asks to come in."""
    organisation = get_object_or_404(rules.organisations_visible_to(request.user), pk=pk)
    can_manage = rules.can_manage_members(request.user, organisation)
    at = clock.now()
    context = {
        "organisation": organisation,
        "members": selectors.members_of(organisation),
        "delegations": selectors.delegations_here(organisation, at),
        "awaited": _awaited(request.user, organisation),
        "can_manage": can_manage,
        "can_manage_programs": can_manage_programs(request.user, organisation),
        "now": at,
        "breadcrumbs": organisations_trail(organisation.name),
    }
    if can_manage:
        context["invitations"] = selectors.open_invitations(organisation)
        context["join_requests"] = selectors.pending_requests(organisation)
        context["history"] = history(organisation)
    return render(request, "accounts/organisation_detail.html", context)


def _awaited(user, organisation):
    """The roles that do not count yet, as far as this person may see them: to confirm, or to oppose."""
    waiting = approvals_visible_to(user).filter(
        organisation=organisation, state__in=[ApprovalState.ASKED, ApprovalState.DELAYED]
    )
    return worded(waiting.select_related("asked_by"))


@login_required
@require_POST
def organisation_choose(request):
    """Work first in this organisation, or in all of them: for this session, and the next ones."""
    typed = request.POST.get("organisation", "")
    try:
        chosen = services.organisation_choose(
            organisation_id=int(typed) if typed.isdecimal() else None, by=request.user
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        request.session[CHOSEN] = chosen
    return redirect("screens:dashboard")


@login_required
@require_http_methods(["GET", "POST"])
@fresh_sign_in_required
def member_add(request, pk, user_pk):
    """Give one more role to a member."""
    organisation = managed_organisation(request.user, pk)
    member = get_object_or_404(User, pk=user_pk, pk__in=organisation.memberships.values("user_id"))
    form = MemberForm(request.POST or None, organisation=organisation, by=request.user)
    given = submitted(
        request,
        form,
        lambda data: services.membership_add(
            organisation=organisation, user=member, **data, by=request.user, at=clock.now()
        ),
    )
    if isinstance(given, Approval):
        messages.info(request, _("La demande est faite : une seconde personne doit la confirmer."))
        return redirect(given)
    if given:
        messages.success(
            request,
            _("%(person)s a maintenant le rôle « %(role)s ».")
            % {"person": member, "role": given.get_role_display()},
        )
        return redirect("accounts:organisation_detail", pk=organisation.pk)
    context = {
        "form": form,
        "organisation": organisation,
        "member": member,
        "breadcrumbs": organisations_trail(_("Donner un rôle"), organisation),
    }
    return render(request, "accounts/member_add.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@fresh_sign_in_required
def member_remove(request, pk, membership_pk):
    """Say what taking a role back does, then do it."""
    organisation = managed_organisation(request.user, pk)
    membership = get_object_or_404(
        Membership.objects.select_related("user", "organisation"), organisation=organisation, pk=membership_pk
    )
    if request.method == "GET":
        context = {
            "organisation": organisation,
            "membership": membership,
            "breadcrumbs": organisations_trail(_("Retirer un rôle"), organisation),
        }
        return render(request, "accounts/member_remove.html", context)
    attempt(
        request,
        lambda: services.membership_remove(membership=membership, by=request.user, at=clock.now()),
        _("Le rôle est retiré."),
    )
    if not rules.organisations_visible_to(User.objects.get(pk=request.user.pk)).filter(pk=pk).exists():
        return redirect("accounts:profile")
    return redirect("accounts:organisation_detail", pk=pk)


def managed_organisation(user, pk):
    """The organisation whose roles `user` gives; 404 otherwise."""
    organisation = get_object_or_404(rules.organisations_visible_to(user), pk=pk)
    if not rules.can_manage_members(user, organisation):
        raise Http404
    return organisation


def organisations_trail(title, organisation=None):
    """The breadcrumb of a page under an organisation."""
    trail = [(_("Accueil"), "/"), (_("Organisations"), reverse("accounts:organisation_list"))]
    if organisation is not None:
        trail.append((organisation.name, reverse("accounts:organisation_detail", args=[organisation.pk])))
    return [*trail, (title, None)]
