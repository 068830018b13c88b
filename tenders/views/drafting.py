"""A consultation being written: identity, lots, files, custodians, publication."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from foundation.accounts.fresh import fresh_sign_in_required
from foundation.clock import now
from foundation.errors import Refusal
from foundation.screens.doors import submitted
from tenders import legal, rules, selectors, services
from tenders.forms.drafting import CustodiansForm, DocumentForm, LotForm, LotLimitsForm, PublishForm
from tenders.forms.identity import IdentityForm
from tenders.profiles import CONSULTATION_FILE
from tenders.views.doors import allowed_tender, buyer_crumbs, tender_steps
from tenders.views.margin import margin

STEPS = (
    ("identity", gettext_lazy("Identité")),
    ("scope", gettext_lazy("CPV et lieux")),
    ("lots", gettext_lazy("Lots")),
    ("criteria", gettext_lazy("Critères")),
    ("impact", gettext_lazy("Impact")),
    ("prices", gettext_lazy("Prix")),
    ("papers", gettext_lazy("Pièces écrites")),
    ("files", gettext_lazy("Pièces jointes")),
    ("invited", gettext_lazy("Invitées")),
    ("custodians", gettext_lazy("Dépositaires")),
)


def steps_of(tender) -> tuple:
    """The pages of a draft in their order; firms are invited only when no notice calls them."""
    publishes = legal.PROCEDURES[tender.procedure].publishes
    return tuple(step for step in STEPS if step[0] != "invited" or not publishes)


def draft_context(request, tender, step: str, **more) -> dict:
    """What every page of a draft shows around its form: the steps and the live check-list."""
    return {
        "tender": tender,
        "tabs": [
            {"label": label, "url": reverse(f"tenders:{code}", args=[tender.pk]), "current": code == step}
            for code, label in steps_of(tender)
        ],
        **margin(tender),
        "review": selectors.review_in_force(tender),
        "steps": tender_steps(tender),
        "breadcrumbs": buyer_crumbs(dict(STEPS)[step], tender),
        **more,
    }


def draft_of(request, pk):
    """The draft, or 404 for who may not write it."""
    return allowed_tender(request, pk, rules.can_edit_tender, selectors.DRAFT, joined=("project__brief",))


def following(tender, step: str):
    """The page of the step after `step`; the buyer's page after the last."""
    codes = [code for code, _label in steps_of(tender)]
    place = codes.index(step) + 1
    if place == len(codes):
        return redirect("tenders:manage", pk=tender.pk)
    return redirect(f"tenders:{codes[place]}", pk=tender.pk)


@login_required
@require_safe
def tender_start(request):
    """Choose the purchase project of a new consultation."""
    if not rules.opens_tenders(request.user):
        raise Http404
    projects = rules.projects_for_new_tender(request.user)
    context = {"projects": projects, "breadcrumbs": buyer_crumbs(_("Nouvelle consultation"))}
    return render(request, "tenders/start.html", context)


@login_required
def tender_create(request, project_pk):
    """Start a draft from a purchase project."""
    project = get_object_or_404(rules.projects_for_new_tender(request.user), pk=project_pk)
    form = IdentityForm(request.POST or None, initial=selectors.draft_from_project(project))
    call = partial(_create, request, project)
    tender = submitted(request, form, call)
    if tender:
        message = _("Le brouillon %(reference)s est créé. La marge dit ce qui manque avant de publier.")
        messages.success(request, message % {"reference": tender.reference})
        return redirect("tenders:lots", pk=tender.pk)
    context = {"form": form, "project": project, "breadcrumbs": buyer_crumbs(_("Nouvelle consultation"))}
    return render(request, "tenders/create.html", context)


def _create(request, project, data):
    return services.tender_create(project=project, **data, by=request.user, at=now())


@login_required
def identity(request, pk):
    """What is bought, how, until when."""
    tender = draft_of(request, pk)
    initial = {name: getattr(tender, name) for name in IdentityForm.base_fields}
    form = IdentityForm(request.POST or None, initial=initial)

    def call(data):
        return services.tender_update(tender=tender, **data, by=request.user, at=now())

    if submitted(request, form, call):
        messages.success(request, _("L'identité de la consultation est enregistrée."))
        return following(tender, "identity")
    return render(
        request, "tenders/draft/identity.html", draft_context(request, tender, "identity", form=form)
    )


@login_required
def lots(request, pk):
    """The lots, and one more."""
    tender = draft_of(request, pk)
    form = LotForm(request.POST or None)

    def call(data):
        return services.lot_add(tender=tender, **data, by=request.user, at=now())

    lot = submitted(request, form, call)
    if lot:
        messages.success(request, _("%(lot)s est ajouté.") % {"lot": lot})
        return redirect("tenders:lots", pk=tender.pk)
    limits = LotLimitsForm(initial={name: getattr(tender, name) for name in LotLimitsForm.base_fields})
    context = draft_context(request, tender, "lots", form=form, limits=limits)
    return render(request, "tenders/draft/lots.html", context)


@login_required
def lot_limits(request, pk):
    """How many lots a firm may answer and win."""
    tender = draft_of(request, pk)
    initial = {name: getattr(tender, name) for name in LotLimitsForm.base_fields}
    form = LotLimitsForm(request.POST or None, initial=initial)

    def call(data):
        return services.tender_update(tender=tender, **data, by=request.user, at=now())

    if submitted(request, form, call):
        messages.success(request, _("Les limites sont enregistrées."))
        return redirect("tenders:lots", pk=tender.pk)
    context = draft_context(request, tender, "lots", form=LotForm(), limits=form)
    return render(request, "tenders/draft/lots.html", context)


@login_required
def lot_update(request, pk, lot_pk):
    """Change a lot."""
    tender = draft_of(request, pk)
    lot = next((lot for lot in tender.lots.all() if lot.pk == lot_pk), None)
    if lot is None:
        raise Http404
    initial = {name: getattr(lot, name) for name in LotForm.base_fields}
    form = LotForm(request.POST or None, initial=initial)

    def call(data):
        return services.lot_update(lot=lot, **data, by=request.user, at=now())

    if submitted(request, form, call):
        messages.success(request, _("Le lot est enregistré."))
        return redirect("tenders:lots", pk=tender.pk)
    context = draft_context(request, tender, "lots", form=form, lot=lot)
    return render(request, "tenders/draft/lot.html", context)


@login_required
@require_POST
def lot_remove(request, pk, lot_pk):
    """Remove a lot with its criteria and prices."""
    tender = draft_of(request, pk)
    lot = get_object_or_404(tender.lots, pk=lot_pk)
    tell(request, partial(services.lot_remove, lot=lot), _("Le lot est retiré."))
    return redirect("tenders:lots", pk=tender.pk)


def tell(request, service, done: str):
    """Call a service that needs no form; say its success or its refusal on the next page."""
    try:
        result = service(by=request.user, at=now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return None
    messages.success(request, done)
    return result


@login_required
def files(request, pk):
    """The files of the consultation, and one more."""
    tender = draft_of(request, pk)
    form = DocumentForm(request.POST or None, request.FILES or None)

    def call(data):
        title, upload = data["title"], data["file"]
        return services.document_add(tender=tender, title=title, upload=upload, by=request.user, at=now())

    if submitted(request, form, call):
        messages.success(request, _("La pièce est ajoutée."))
        return redirect("tenders:files", pk=tender.pk)
    context = draft_context(
        request,
        tender,
        "files",
        form=form,
        documents=tender.documents.all(),
        accepted_types=CONSULTATION_FILE.words,
        max_bytes=CONSULTATION_FILE.max_bytes,
    )
    return render(request, "tenders/draft/files.html", context)


@login_required
@require_POST
def file_remove(request, pk, document_pk):
    """Remove a file of the consultation."""
    tender = draft_of(request, pk)
    document = get_object_or_404(tender.documents, pk=document_pk)
    tell(request, partial(services.document_remove, document=document), _("La pièce est retirée."))
    return redirect("tenders:files", pk=tender.pk)


@login_required
def custodians(request, pk):
    """Who will open the bids together."""
    tender = draft_of(request, pk)
    known = selectors.possible_custodians(tender)
    named = [person for person in known if person.is_named]
    initial = {"custodians": named, "custodian_threshold": tender.custodian_threshold}
    form = CustodiansForm(request.POST or None, people=known, initial=initial)

    def call(data):
        threshold = data["custodian_threshold"]
        people = data["custodians"]
        return services.custodians_set(
            tender=tender, custodians=people, threshold=threshold, by=request.user, at=now()
        )

    if submitted(request, form, call):
        messages.success(request, _("Les dépositaires sont désignés."))
        return following(tender, "custodians")
    return render(
        request, "tenders/draft/custodians.html", draft_context(request, tender, "custodians", form=form)
    )


@login_required
@fresh_sign_in_required
def publish(request, pk):
    """The last look before publication."""
    tender = draft_of(request, pk)
    form = PublishForm(request.POST or None)

    def call(data):
        return services.tender_publish(tender=tender, by=request.user, at=now())

    if submitted(request, form, call):
        messages.success(
            request, _("La consultation est publiée : tout le monde peut la lire et y répondre.")
        )
        return redirect("tenders:detail", pk=tender.pk)
    context = {
        "tender": tender,
        "form": form,
        **margin(tender),
        "review": selectors.review_in_force(tender),
        "lots": tender.lots.all(),
        "steps": tender_steps(tender),
        "breadcrumbs": buyer_crumbs(_("Publier"), tender),
    }
    return render(request, "tenders/publish.html", context)
