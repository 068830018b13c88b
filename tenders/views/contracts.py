"""After the award: contracts, documents of the holder, signature, challenges, reasons, awards taken back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from foundation.accounts.fresh import fresh_sign_in_required
from foundation.clock import now
from foundation.files.views import to_signed_link
from foundation.screens.doors import attempt, submitted
from tenders import downloads, following, rules, services
from tenders.forms.contracts import (
    ChallengeForm,
    OutcomeForm,
    PieceForm,
    PiecesForm,
    ReasonsForm,
    RefusePieceForm,
    ReverseForm,
    SignForm,
)
from tenders.models import Challenge, Contract, Deed, Offer, ReasonRequest, RequestedPiece
from tenders.views.analysis import analysis_context, opened_tender
from tenders.views.deposit import own_bid
from tenders.views.doors import public_crumbs
from tenders.workflow import CONTRACT


@login_required
@require_safe
def contracts(request, pk):
    """The contracts of a consultation: where each stands, what stops its signature, what firms ask."""
    tender = opened_tender(request, pk, wanted=())
    context = analysis_context(
        request,
        tender,
        _("Contrats"),
        contracts=following.contracts_of(tender),
        reversed_awards=following.reversed_awards(tender),
        challenges=tender.challenges.select_related("recorded_by", "ended_by"),
        requests=following.reason_requests(tender),
        may_write=rules.can_write_reports(request.user, tender),
        notice_is_due=following.notice_is_due(tender),
    )
    return render(request, "tenders/contracts/list.html", context)


def _contract(request, pk, contract_pk):
    """The consultation and one of its contracts, or 404."""
    tender = opened_tender(request, pk, wanted=())
    rows = Contract.objects.filter(award__lot__tender=tender)
    rows = rows.select_related("award__lot__tender__buyer", "award__bidder", "award__offer__bid", "signed_by")
    return tender, get_object_or_404(rows, pk=contract_pk)


@login_required
@require_safe
def contract(request, pk, contract_pk):
    """One contract: its wait, the documents asked, the signed act and its signatures."""
    tender, found = _contract(request, pk, contract_pk)
    at = now()
    context = analysis_context(
        request,
        tender,
        str(found.award.bidder),
        contract=found,
        pieces=found.pieces.all(),
        deeds=found.deeds.select_related("added_by"),
        blocking=CONTRACT.reasons(found, "sign", at) if found.state == "to_sign" else [],
        may_prepare=found.state == "to_sign" and rules.can_prepare_contract(request.user, found),
        may_sign=found.state == "to_sign" and rules.can_sign_contract(request.user, found),
        may_serve=found.state == "signed" and rules.can_serve_contract(request.user, found),
        may_reverse=found.state != "served"
        and found.cancelled_at is None
        and rules.can_write_reports(request.user, tender),
    )
    return render(request, "tenders/contracts/detail.html", context)


def _form_page(request, tender, found, *, form, call, title, button, done, intro="", article=""):
    """A page with one form on a contract; back to the contract once done."""
    if submitted(request, form, call):
        messages.success(request, done)
        return redirect("tenders:contract", pk=tender.pk, contract_pk=found.pk)
    context = analysis_context(
        request, tender, title, contract=found, form=form, title=title, button=button, intro=intro
    )
    return render(request, "tenders/contracts/form.html", {**context, "article": article})


@login_required
def pieces_ask(request, pk, contract_pk):
    """Ask the future holder for documents."""
    tender, found = _contract(request, pk, contract_pk)
    if found.state != "to_sign" or not rules.can_prepare_contract(request.user, found):
        raise Http404

    def call(data):
        labels = [*data["labels"], data["other"]]
        return services.pieces_ask(
            contract=found, labels=labels, due_at=data["due_at"], by=request.user, at=now()
        )

    return _form_page(
        request,
        tender,
        found,
        form=PiecesForm(request.POST or None),
        call=call,
        title=_("Demander des pièces"),
        button=_("Demander ces pièces"),
        done=_("L'entreprise est avertie des pièces à fournir."),
    )


@login_required
def piece_check(request, pk, piece_pk):
    """Accept or refuse a document of the future holder."""
    tender = opened_tender(request, pk, wanted=())
    pieces = RequestedPiece.objects.filter(contract__award__lot__tender=tender, state="received")
    piece = get_object_or_404(pieces.select_related("contract__award__lot__tender"), pk=piece_pk)
    if not rules.can_check_piece(request.user, piece):
        raise Http404
    return _form_page(
        request,
        tender,
        piece.contract,
        form=RefusePieceForm(request.POST or None),
        call=lambda data: services.piece_check(piece=piece, **data, by=request.user, at=now()),
        title=piece.label,
        button=_("Enregistrer la décision"),
        done=_("La décision est enregistrée."),
    )


@login_required
@fresh_sign_in_required
def sign(request, pk, contract_pk):
    """Put the signed act on the contract."""
    tender, found = _contract(request, pk, contract_pk)
    if found.state != "to_sign" or not rules.can_sign_contract(request.user, found):
        raise Http404
    return _form_page(
        request,
        tender,
        found,
        form=SignForm(request.POST or None, request.FILES or None),
        call=lambda data: services.contract_sign(contract=found, **data, by=request.user, at=now()),
        title=_("Déposer l'acte signé"),
        button=_("Enregistrer la signature"),
        done=_("Le contrat est signé : il reste à le notifier à son titulaire."),
        intro=_(
            "La plateforme lit qui a signé, avec quel certificat, et vérifie que le contenu n'a pas changé depuis."
        ),
    )


@login_required
@require_POST
def serve(request, pk, contract_pk):
    """Serve the signed contract on its holder."""
    tender, found = _contract(request, pk, contract_pk)
    if found.state != "signed" or not rules.can_serve_contract(request.user, found):
        raise Http404
    attempt(
        request,
        lambda: services.contract_serve(contract=found, by=request.user, at=now()),
        _("Le contrat est notifié : il prend effet."),
    )
    return redirect("tenders:contract", pk=tender.pk, contract_pk=found.pk)


@login_required
@require_POST
def notice(request, pk):
    """Publish the award notice of the signed contracts."""
    tender = opened_tender(request, pk, wanted=())
    if not rules.can_write_reports(request.user, tender):
        raise Http404
    attempt(
        request,
        lambda: services.award_notice_publish(tender=tender, by=request.user, at=now()),
        _("L'avis d'attribution est publié."),
    )
    return redirect("tenders:contracts", pk=tender.pk)


@login_required
def reverse_award(request, pk, contract_pk):
    """Ask the signatory to take an award back."""
    tender, found = _contract(request, pk, contract_pk)
    is_over = found.state == "served" or found.cancelled_at
    if is_over or not rules.can_write_reports(request.user, tender):
        raise Http404
    return _form_page(
        request,
        tender,
        found,
        form=ReverseForm(request.POST or None),
        call=lambda data: services.award_reverse_ask(award=found.award, **data, by=request.user, at=now()),
        title=_("Retirer cette attribution"),
        button=_("Demander le retrait au signataire"),
        done=_("Le signataire est saisi : rien ne change avant sa confirmation."),
        intro=_(
            "Un attributaire défaillant ou empêché laisse la place au suivant du classement (art. R2181-7 du code "
            "de la commande publique). L'analyse reprend, une nouvelle décision suit."
        ),
    )


@login_required
def challenge_record(request, pk):
    """Record a challenge before the judge."""
    tender = opened_tender(request, pk, wanted=())
    if not rules.can_write_reports(request.user, tender):
        raise Http404
    form = ChallengeForm(request.POST or None)

    def call(data):
        return services.challenge_record(tender=tender, **data, by=request.user, at=now())

    if submitted(request, form, call):
        messages.success(
            request, _("Le recours est enregistré : aucune signature n'est possible avant son issue.")
        )
        return redirect("tenders:contracts", pk=tender.pk)
    title = _("Enregistrer un référé précontractuel")
    context = analysis_context(request, tender, title, form=form, title=title, button=_("Enregistrer"))
    return render(request, "tenders/contracts/form.html", context)


@login_required
def challenge_end(request, pk, challenge_pk):
    """Record how a challenge ended."""
    tender = opened_tender(request, pk, wanted=())
    challenge = get_object_or_404(Challenge, tender=tender, ended_at=None, pk=challenge_pk)
    if not rules.can_write_reports(request.user, tender):
        raise Http404
    form = OutcomeForm(request.POST or None)

    def call(data):
        return services.challenge_end(challenge=challenge, **data, by=request.user, at=now())

    if submitted(request, form, call):
        messages.success(request, _("L'issue est enregistrée."))
        return redirect("tenders:contracts", pk=tender.pk)
    title = _("Issue du référé de %(claimant)s") % {"claimant": challenge.claimant}
    context = analysis_context(request, tender, title, form=form, title=title, button=_("Enregistrer"))
    return render(request, "tenders/contracts/form.html", context)


@login_required
def reasons_answer(request, pk, request_pk):
    """Answer a firm that asks for the reasons, its own marks before one's eyes."""
    tender = opened_tender(request, pk, wanted=())
    rows = ReasonRequest.objects.filter(offer__bid__tender=tender, answered_at=None)
    asked = get_object_or_404(rows.select_related("offer__bid__bidder", "offer__lot"), pk=request_pk)
    if not rules.can_write_reports(request.user, tender):
        raise Http404
    form = ReasonsForm(request.POST or None)

    def call(data):
        return services.reasons_answer(request=asked, **data, by=request.user, at=now())

    if submitted(request, form, call):
        messages.success(request, _("Les motifs sont envoyés à l'entreprise."))
        return redirect("tenders:contracts", pk=tender.pk)
    title = _("Motifs pour %(bidder)s") % {"bidder": asked.offer.bid.bidder}
    context = analysis_context(
        request, tender, title, form=form, title=title, button=_("Envoyer les motifs"), comparison=asked.offer
    )
    return render(request, "tenders/contracts/form.html", context)


@login_required
def piece_send(request, bid_pk, piece_pk):
    """The future holder sends a document."""
    bid = own_bid(request, bid_pk)
    pieces = RequestedPiece.objects.filter(contract__award__bid=bid).exclude(state="accepted")
    piece = get_object_or_404(pieces.select_related("contract__award__lot"), pk=piece_pk)
    form = PieceForm(request.POST or None, request.FILES or None)

    def call(data):
        return services.piece_send(piece=piece, **data, by=request.user, at=now())

    if submitted(request, form, call):
        messages.success(request, _("La pièce est déposée : l'acheteur va la vérifier."))
        return redirect("tenders:bid", bid_pk=bid.pk)
    context = {"bid": bid, "tender": bid.tender, "piece": piece, "form": form}
    context["breadcrumbs"] = public_crumbs(_("Déposer une pièce"), bid.tender)
    return render(request, "tenders/deposit/piece.html", context)


@login_required
@require_POST
def reasons_ask(request, bid_pk, offer_pk):
    """A firm that was not retained asks for the detailed reasons."""
    bid = own_bid(request, bid_pk)
    offer = get_object_or_404(
        Offer.objects.select_related("bid__tender", "bid__bidder", "lot"), bid=bid, pk=offer_pk
    )
    if not rules.can_ask_reasons(request.user, offer):
        raise Http404
    attempt(
        request,
        lambda: services.reasons_ask(offer=offer, by=request.user, at=now()),
        _("Votre demande est partie : l'acheteur a quinze jours pour répondre."),
    )
    return redirect("tenders:bid", bid_pk=bid.pk)


@never_cache
@login_required
@require_safe
def contract_file(request, kind, file_pk):
    """A document of the holder or a signed act, behind a signed link."""
    model, code = {"piece": (RequestedPiece, downloads.PIECE), "deed": (Deed, downloads.DEED)}[kind]
    rows = model.objects.select_related("contract__award__lot__tender").exclude(file="")
    found = get_object_or_404(rows, pk=file_pk)
    if not rules.reads_contract(request.user, found.contract):
        raise Http404
    return to_signed_link(request, code, found.pk)
