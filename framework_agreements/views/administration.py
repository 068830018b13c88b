"""Recording and running an agreement: its buyer's framework administrator or signatory."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from foundation.clock import now
from foundation.screens.doors import attempt, submitted
from framework_agreements import rules, selectors, services
from framework_agreements.forms.agreements import (
    AgreementForm,
    BeneficiaryForm,
    CatalogueForm,
    HolderForm,
    LotForm,
    NewAgreementForm,
    PricesForm,
    ReasonForm,
    ServedForm,
)
from framework_agreements.services.agreements import FIELDS
from framework_agreements.views import doors


def _form_page(request, form, agreement, title, **context):
    """A page with one form about an agreement."""
    context = {
        "form": form,
        "agreement": agreement,
        "title": title,
        "breadcrumbs": doors.agreement_crumbs(agreement, title),
        **context,
    }
    return render(request, "framework_agreements/form_page.html", context)


@login_required
def agreement_create(request):
    """Record an agreement concluded elsewhere."""
    organisations = rules.organisations_for_new_agreement(request.user)
    if not organisations.exists():
        raise Http404
    form = NewAgreementForm(request.POST or None, organisations=organisations)
    agreement = submitted(
        request, form, lambda data: services.agreement_create(**data, by=request.user, at=now())
    )
    if agreement:
        messages.success(request, _("L’accord-cadre est enregistré. Ajoutez ses lots, puis activez-le."))
        return redirect(agreement)
    return _form_page(request, form, None, _("Enregistrer un accord-cadre"))


@login_required
@require_POST
def award_take(request, tender_pk):
    """Draft the agreement of an awarded consultation."""
    organisations = rules.organisations_for_new_agreement(request.user).values("pk")
    tender = get_object_or_404(selectors.awards_to_take(organisations), pk=tender_pk)
    agreement = services.agreement_create_from_award(tender=tender, by=request.user, at=now())
    messages.success(
        request, _("L’accord-cadre reprend l’attribution. Relisez-le, nommez les bénéficiaires, activez-le.")
    )
    return redirect(agreement)


@login_required
def agreement_update(request, pk):
    """Change a draft."""
    agreement = doors.editable_agreement(request, pk)
    initial = {name: getattr(agreement, name) for name in FIELDS}
    form = AgreementForm(request.POST or None, initial=initial)
    saved = submitted(
        request,
        form,
        lambda data: services.agreement_update(agreement=agreement, **data, by=request.user, at=now()),
    )
    if saved:
        messages.success(request, _("L’accord-cadre est enregistré."))
        return redirect(agreement)
    return _form_page(request, form, agreement, _("Modifier l’accord-cadre"))


@login_required
def lot_add(request, pk):
    """Add a lot to a draft."""
    agreement = doors.editable_agreement(request, pk)
    form = LotForm(request.POST or None, initial={"number": agreement.lots.count() + 1})
    lot = submitted(
        request, form, lambda data: services.lot_add(agreement=agreement, **data, by=request.user, at=now())
    )
    if lot:
        messages.success(request, _("Le lot est ajouté. Chargez son catalogue d’unités d’œuvre."))
        return redirect("framework_agreements:catalogue_load", pk=lot.pk)
    return _form_page(request, form, agreement, _("Ajouter un lot"))


@login_required
def catalogue_load(request, pk):
    """Load the units of the specification in a lot."""
    lot = doors.editable_lot(request, pk)
    form = CatalogueForm(request.POST or None, initial={"lot_number": lot.number})
    count = submitted(
        request, form, lambda data: (services.catalogue_load(lot=lot, **data, by=request.user, at=now()),)
    )
    if count:
        messages.success(request, _("%(count)s unités d’œuvre sont chargées.") % {"count": count[0]})
        return redirect("framework_agreements:lot", pk=lot.pk)
    return _form_page(request, form, lot.agreement, _("Charger un catalogue"), submit_label=_("Charger"))


@login_required
def holder_add(request, pk):
    """Add a holder to a lot."""
    lot = doors.editable_lot(request, pk)
    form = HolderForm(request.POST or None, initial={"rank": lot.holders.count() + 1})
    holder = submitted(
        request, form, lambda data: services.holder_add(lot=lot, **data, by=request.user, at=now())
    )
    if holder:
        messages.success(request, _("Le titulaire est ajouté. Saisissez ses prix."))
        return redirect("framework_agreements:prices", pk=holder.pk)
    return _form_page(request, form, lot.agreement, _("Ajouter un titulaire"))


@login_required
def beneficiary_add(request, pk):
    """Add a beneficiary to the list, until it closes."""
    agreement = doors.editable_agreement(request, pk)
    form = BeneficiaryForm(request.POST or None)
    saved = submitted(
        request,
        form,
        lambda data: services.beneficiary_add(agreement=agreement, **data, by=request.user, at=now()),
    )
    if saved:
        messages.success(request, _("%(name)s est bénéficiaire.") % {"name": saved.organisation})
        return redirect(agreement)
    return _form_page(request, form, agreement, _("Ajouter un bénéficiaire"))


@login_required
def prices(request, pk):
    """The price schedule of a holder."""
    holder = doors.editable_holder(request, pk)
    form = PricesForm(
        request.POST or None, units=list(holder.lot.work_units.all()), known=selectors.prices_of(holder)
    )
    saved = submitted(
        request,
        form,
        lambda data: (
            services.prices_set(holder=holder, prices=form.prices(data), by=request.user, at=now()),
        ),
    )
    if saved:
        messages.success(request, _("%(count)s prix sont enregistrés.") % {"count": saved[0]})
        return redirect(holder.lot.agreement)
    title = _("Bordereau de prix de %(holder)s") % {"holder": holder.organisation}
    return _form_page(request, form, holder.lot.agreement, title)


@login_required
def agreement_activate(request, pk):
    """Activate a draft from the day it was served."""
    agreement = doors.editable_agreement(request, pk)
    form = ServedForm(request.POST or None)
    saved = submitted(
        request,
        form,
        lambda data: services.agreement_activate(agreement=agreement, **data, by=request.user, at=now()),
    )
    if saved:
        messages.success(request, _("L’accord-cadre est en cours : les bénéficiaires peuvent commander."))
        return redirect(agreement)
    return _form_page(request, form, agreement, _("Activer l’accord-cadre"), submit_label=_("Activer"))


@login_required
@require_POST
def agreement_renew(request, pk):
    """Note a renewal."""
    agreement = _administered(request, pk)
    attempt(
        request,
        lambda: services.agreement_renew(agreement=agreement, by=request.user, at=now()),
        _("La reconduction est inscrite."),
    )
    return redirect(agreement)


@login_required
def agreement_end(request, pk):
    """End an agreement, with a reason."""
    agreement = _administered(request, pk)
    form = ReasonForm(request.POST or None)
    saved = submitted(
        request,
        form,
        lambda data: services.agreement_end(agreement=agreement, **data, by=request.user, at=now()),
    )
    if saved:
        messages.success(
            request, _("L’accord-cadre est terminé : aucun bon de commande ne peut plus être émis.")
        )
        return redirect(agreement)
    return _form_page(
        request, form, agreement, _("Mettre fin à l’accord-cadre"), submit_label=_("Mettre fin")
    )


def _administered(request, pk):
    agreement = doors.visible_agreement(request, pk)
    if not rules.can_administer_agreement(request.user, agreement):
        raise Http404
    return agreement
