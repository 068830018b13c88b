"""Pages of custodians: their key, and the opening of the bids."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from foundation.accounts.fresh import fresh_sign_in_for_posts
from foundation.clock import now
from foundation.screens.doors import attempt, submitted
from tenders import identities, rules, selectors, services
from tenders.enums import RoundPhase
from tenders.forms.opening import (
    AlarmForm,
    BackupForm,
    ContributionForm,
    CustodianKeyForm,
    InterestForm,
    LossForm,
    RehearsalForm,
)
from tenders.models import Seat
from tenders.views import device
from tenders.views.ceremony import alarms_of
from tenders.views.doors import allowed_tender, buyer_crumbs, tender_steps


@sensitive_post_parameters("passphrase", "again", "key")
@never_cache
@login_required
@fresh_sign_in_for_posts
def custodian_key(request):
    """Make one's personal key, or a new one."""
    if not rules.can_hold_custodian_key(request.user):
        raise Http404
    form = CustodianKeyForm(request.POST or None)

    def call(data):
        if made := data["key"]:
            return services.custodian_key_keep(**made, by=request.user, at=now())
        return services.custodian_key_create(passphrase=data["passphrase"], by=request.user, at=now())

    if submitted(request, form, call):
        messages.success(request, _("Votre clé de dépositaire est prête."))
        return redirect("tenders:custodian_key")
    return _key_page(request, form, RehearsalForm())


def _key_page(request, form, rehearsal_form):
    key = selectors.current_custodian_key(request.user)
    context = {
        "form": form,
        "key": key,
        "fingerprint": identities.fingerprint(key.public_key) if key else "",
        "rehearsal_form": rehearsal_form,
        "rehearsal": key.rehearsals.first() if key else None,
        "words": device.key_words(),
        "breadcrumbs": buyer_crumbs(_("Ma clé de dépositaire")),
    }
    return render(request, "tenders/custody/key.html", context)


@sensitive_post_parameters("repetition-passphrase")
@never_cache
@login_required
@fresh_sign_in_for_posts
@require_POST
def key_rehearsal(request):
    """Prove that one's passphrase still opens one's key."""
    if not rules.can_hold_custodian_key(request.user):
        raise Http404
    form = RehearsalForm(request.POST)

    def call(data):
        proof = data["signature"] or {"passphrase": data["passphrase"]}
        return services.key_rehearse(**proof, by=request.user, at=now())

    if submitted(request, form, call):
        messages.success(request, _("Votre phrase ouvre votre clé : la répétition est enregistrée."))
        return redirect("tenders:custodian_key")
    return _key_page(request, CustodianKeyForm(), form)


@login_required
def share_lost(request, pk, share_pk):
    """Say that a share is lost, or found again."""
    tender = allowed_tender(request, pk, _takes_part_or_reads, wanted=())
    seats = Seat.objects.select_related("custodian", "custody__round__tender__buyer")
    seat = get_object_or_404(seats, pk=share_pk, custody__round__tender=tender)
    if not rules.can_tell_share_lost(request.user, seat):
        raise Http404
    loss = seat.losses.filter(found_at=None).first()
    if loss and request.method == "POST":
        done = _("La part est déclarée retrouvée.")
        attempt(request, lambda: services.share_found(seat=seat, by=request.user, at=now()), done)
        return redirect("tenders:opening", pk=tender.pk)
    form = LossForm(request.POST or None)

    def call(data):
        return services.share_declare_lost(seat=seat, **data, by=request.user, at=now())

    if not loss and submitted(request, form, call):
        messages.success(
            request, _("La perte est enregistrée. Rien n'est effacé : les plis restent scellés.")
        )
        return redirect("tenders:opening", pk=tender.pk)
    context = {
        "tender": tender,
        "seat": seat,
        "loss": loss,
        "form": form,
        "breadcrumbs": buyer_crumbs(_("Part perdue"), tender),
    }
    return render(request, "tenders/custody/loss.html", context)


@login_required
@fresh_sign_in_for_posts
def backup(request, pk, bid_pk):
    """Open a backup copy, in one of the two cases of the law."""
    tender = allowed_tender(request, pk, rules.can_examine_candidatures, wanted=())
    copy = get_object_or_404(selectors.closed_backups(tender), pk=bid_pk)
    form = BackupForm(request.POST or None)

    def call(data):
        return services.backup_ask(bid=copy, **data, by=request.user, at=now())

    if submitted(request, form, call):
        messages.success(
            request,
            _("La demande et son motif sont au journal : les dépositaires ouvrent la copie ensemble."),
        )
        return redirect("tenders:opening", pk=tender.pk)
    context = {
        "tender": tender,
        "copy": copy,
        "main": selectors.doubled_bid(copy),
        "form": form,
        "breadcrumbs": buyer_crumbs(_("Copie de sauvegarde"), tender),
    }
    return render(request, "tenders/custody/backup.html", context)


@sensitive_post_parameters("passphrase", "shares")
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
        "recovery": selectors.recovery(round),
        "backups": _backups(request.user, tender),
        "backups_asked": selectors.backups_asked(round),
        "alarms": alarms_of(round, request.user),
        "alarm_form": AlarmForm(),
        "words": device.key_words(),
        "tells_losses": rules.can_cancel_tender(request.user, tender),
        "may_act": _may_act(request.user, round, mine, declaration, at),
        "deposit_count": selectors.deposit_count(tender),
        "steps": tender_steps(tender),
        "breadcrumbs": buyer_crumbs(_("Ouverture des plis"), tender),
    }
    return render(request, "tenders/custody/opening.html", context)


def _backups(user, tender):
    """The copies that this person may open, one by one, in the cases of the law."""
    may_open = rules.can_examine_candidatures(user, tender)
    return selectors.closed_backups(tender) if may_open else selectors.closed_backups(tender).none()


def _takes_part_or_reads(user, tender) -> bool:
    return bool(tender.published_at) and rules.works_for_buyer(user, tender)


def _may_act(user, round, mine, declaration, at) -> bool:
    is_to_open = round.phase(at) == RoundPhase.TO_OPEN or selectors.backups_asked(round).exists()
    if not is_to_open or not rules.can_open_round(user, round):
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
        given = data["shares"]
        proof = {"passphrase": data["passphrase"]} if given is None else {"shares": given}
        return services.opening_contribute(tender=tender, **proof, by=request.user)

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
