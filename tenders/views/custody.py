"""Pages of custodians: their key, and the opening of the bids."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from foundation.accounts.fresh import fresh_sign_in_for_posts
from foundation.clock import now
from foundation.screens.doors import submitted
from tenders import rules, selectors, services
from tenders.enums import RoundPhase
from tenders.forms.opening import ContributionForm, CustodianKeyForm, InterestForm
from tenders.views.doors import allowed_tender, buyer_crumbs, tender_steps


@sensitive_post_parameters("passphrase", "again")
@never_cache
@login_required
@fresh_sign_in_for_posts
def custodian_key(request):
    """Make one's personal key, or a new one."""
    if not rules.can_hold_custodian_key(request.user):
        raise Http404
    form = CustodianKeyForm(request.POST or None)

    def call(data):
        return services.custodian_key_create(passphrase=data["passphrase"], by=request.user, at=now())

    if submitted(request, form, call):
        messages.success(request, _("Votre clé de dépositaire est prête."))
        return redirect("tenders:custodian_key")
    context = {
        "form": form,
        "key": selectors.current_custodian_key(request.user),
        "breadcrumbs": buyer_crumbs(_("Ma clé de dépositaire")),
    }
    return render(request, "tenders/custody/key.html", context)


@sensitive_post_parameters("passphrase")
@never_cache
@login_required
@fresh_sign_in_for_posts
def opening(request, pk):
    """Where the opening stands; each custodian declares his interests, then gives his secret sentence."""
    tender = allowed_tender(request, pk, _takes_part_or_reads, wanted=())
    at = now()
    declaration = selectors.interest_declaration(tender, request.user)
    form = InterestForm(prefix="interet") if declaration is None else ContributionForm()
    if request.method == "POST":
        form = _form_sent(request, tender, declaration)
        answer = (
            _interest(request, tender, form) if declaration is None else _contribution(request, tender, form)
        )
        if answer:
            return answer
    round = selectors.round_in_force(tender)
    statuses = selectors.opening_status(round, at)
    mine = next((status for status in statuses if status.custodian == request.user), None)
    context = {
        "tender": tender,
        "round": round,
        "phase": round.phase(at),
        "form": form,
        "declaration": declaration,
        "statuses": statuses,
        "given": sum(1 for status in statuses if status.contributed_at),
        "mine": mine,
        "may_act": _may_act(request.user, round, mine, declaration, at),
        "deposit_count": selectors.deposit_count(tender),
        "steps": tender_steps(tender),
        "breadcrumbs": buyer_crumbs(_("Ouverture des plis"), tender),
    }
    return render(request, "tenders/custody/opening.html", context)


def _takes_part_or_reads(user, tender) -> bool:
    return bool(tender.published_at) and rules.works_for_buyer(user, tender)


def _may_act(user, round, mine, declaration, at) -> bool:
    if round.phase(at) != RoundPhase.TO_OPEN or not rules.can_open_round(user, round):
        return False
    conflicted = declaration is not None and declaration.has_interest
    return mine is not None and not mine.contributed_at and not conflicted


def _form_sent(request, tender, declaration):
    if not rules.can_contribute_to_opening(request.user, tender):
        raise Http404
    return (
        InterestForm(request.POST, prefix="interet")
        if declaration is None
        else ContributionForm(request.POST)
    )


def _interest(request, tender, form):
    def call(data):
        return services.interest_declare(tender=tender, **data, by=request.user, at=now())

    if submitted(request, form, call):
        messages.success(request, _("Votre déclaration est enregistrée."))
        return redirect("tenders:opening", pk=tender.pk)
    return None


def _contribution(request, tender, form):
    def call(data):
        return services.opening_contribute(tender=tender, passphrase=data["passphrase"], by=request.user)

    result = submitted(request, form, call)
    if result is None:
        return None
    if result.is_open:
        messages.success(request, _("Les plis sont ouverts. Le procès-verbal d'ouverture se prépare."))
        return redirect("tenders:analysis", pk=tender.pk)
    words = ngettext(
        "Votre part est donnée. Il manque encore %(count)d dépositaire.",
        "Votre part est donnée. Il manque encore %(count)d dépositaires.",
        result.still_needed,
    )
    messages.success(request, words % {"count": result.still_needed})
    return redirect("tenders:opening", pk=tender.pk)
