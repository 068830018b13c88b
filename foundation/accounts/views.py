"""Pages on people, organisations and roles. Sign-in itself is allauth's, with our templates."""

from allauth.account.views import SignupView
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
from foundation.accounts.forms import (
    MemberForm,
    OrganisationForm,
    ProfileForm,
    ReasonForm,
    SupplierSignupForm,
)
from foundation.accounts.invitations import send_invitation
from foundation.accounts.models import Membership, User
from foundation.errors import Refusal
from foundation.journal.selectors import history
from foundation.screens.doors import submitted

PER_PAGE = 25


class SupplierSignupView(SignupView):
    """A firm registers; what the service refuses is shown beside its field."""

    form_class = SupplierSignupForm
    extra_context = {"breadcrumbs": [(_("Accueil"), "/"), (_("Créer un compte fournisseur"), None)]}

    def get_form_class(self):
        """Ours, whatever the settings of allauth."""
        return self.form_class

    def form_valid(self, form):
        form.at = clock.now()
        try:
            return super().form_valid(form)
        except Refusal as refusal:
            refusal.add_to(form)
            return self.form_invalid(form)


supplier_signup = SupplierSignupView.as_view()


@login_required
@require_http_methods(["GET", "POST"])
def profile(request):
    """One's own name, roles, password and tokens."""
    form = ProfileForm(request.POST or None, initial={"full_name": request.user.full_name})
    if submitted(request, form, lambda data: services.user_rename(**data, by=request.user, at=clock.now())):
        messages.success(request, _("Votre nom est enregistré."))
        return redirect("accounts:profile")
    context = {
        "form": form,
        "memberships": request.user.memberships.select_related("organisation"),
        "breadcrumbs": [(_("Accueil"), "/"), (_("Mon profil"), None)],
    }
    return render(request, "accounts/profile.html", context)


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


@login_required
@require_safe
def user_list(request):
    """Every account, for the platform administrator."""
    _check_manages_users(request.user)
    users = User.objects.annotate(roles=Count("memberships")).order_by("full_name", "pk")
    searched = request.GET.get("q", "").strip()
    if searched:
        users = users.filter(Q(full_name__icontains=searched) | Q(email__icontains=searched))
    context = {
        "page_obj": Paginator(users, PER_PAGE).get_page(request.GET.get("page")),
        "searched": searched,
        "breadcrumbs": [(_("Accueil"), "/"), (_("Personnes"), None)],
    }
    return render(request, "accounts/user_list.html", context)


@login_required
@require_safe
def user_detail(request, pk):
    """An account with its roles and its history, for the platform administrator."""
    return _user_page(request, pk, ReasonForm())


@login_required
@require_POST
def user_deactivate(request, pk):
    """Close an account, with the reason."""
    return _switch(request, pk, services.user_deactivate, _("Le compte est fermé."))


@login_required
@require_POST
def user_activate(request, pk):
    """Open an account again, with the reason."""
    return _switch(request, pk, services.user_activate, _("Le compte est rouvert."))


def _switch(request, pk, service, said):
    _check_manages_users(request.user)
    user = get_object_or_404(User, pk=pk)
    form = ReasonForm(request.POST)
    if submitted(request, form, lambda data: service(user=user, **data, by=request.user, at=clock.now())):
        messages.success(request, said)
        return redirect("accounts:user_detail", pk=pk)
    return _user_page(request, pk, form)


def _user_page(request, pk, form):
    _check_manages_users(request.user)
    user = get_object_or_404(User, pk=pk)
    context = {
        "person": user,
        "form": form,
        "memberships": user.memberships.select_related("organisation"),
        "history": history(user),
        "breadcrumbs": [
            (_("Accueil"), "/"),
            (_("Personnes"), reverse("accounts:user_list")),
            (str(user), None),
        ],
    }
    return render(request, "accounts/user_detail.html", context)


def _check_manages_users(user):
    if not rules.can_manage_users(user):
        raise Http404


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
