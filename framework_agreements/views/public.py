"""What anyone reads: the list of agreements and the page of one."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation.clock import now
from foundation.journal.selectors import history
from foundation.money import format_euros
from foundation.screens.steps import purchase_steps
from framework_agreements import rules, selectors
from framework_agreements.forms.agreements import AgreementSearchForm
from framework_agreements.views.doors import agreement_crumbs, visible_agreement
from framework_agreements.workflow import AGREEMENT

PAGE_SIZE = 20


@require_safe
def agreement_list(request):
    """Agreements concluded, and the drafts of those who prepare them."""
    form = AgreementSearchForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    seen = rules.agreements_visible_to(request.user)
    found = selectors.agreements_found(seen, words=wanted.get("q", ""), state=wanted.get("state", ""))
    may_record = rules.organisations_for_new_agreement(request.user)
    context = {
        "form": form,
        "page_obj": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "is_filtered": bool(wanted.get("q") or wanted.get("state")),
        "may_record": may_record.exists(),
        "awards_to_take": (
            selectors.awards_to_take(may_record.values("pk")) if request.user.is_authenticated else []
        ),
        "breadcrumbs": [(_("Accords-cadres"), None)],
    }
    return render(request, "framework_agreements/agreement_list.html", context)


@require_safe
def agreement_detail(request, pk):
    """Everything anyone may read of an agreement; buttons for who runs it."""
    agreement = visible_agreement(request, pk)
    ceilings = selectors.ceilings_by_scope(agreement)
    can_administer = rules.can_administer_agreement(request.user, agreement)
    beneficiaries = agreement.beneficiaries.select_related("organisation").order_by("organisation__name")
    context = {
        "agreement": agreement,
        "lots": selectors.lots_of(agreement),
        "ceilings": ceilings,
        "lot_ceilings": {ceiling.lot_id: ceiling for ceiling in ceilings["lots"]},
        "beneficiaries": beneficiaries,
        "beneficiary_ceilings": {ceiling.beneficiary_id: ceiling for ceiling in ceilings["beneficiaries"]},
        "figures": _figures(agreement, ceilings["agreement"], len(beneficiaries)),
        "is_over": bool(agreement.valid_until and now() >= agreement.valid_until),
        "transitions": {t.name: t.label for t in AGREEMENT.available(request.user, agreement)},
        "can_edit": rules.can_edit_agreement(request.user, agreement),
        "can_renew": can_administer and agreement.renewals_done < agreement.renewal_count,
        "may_order": rules.beneficiaries_to_order_for(request.user).filter(agreement=agreement).exists(),
        "history": history(agreement) if can_administer else None,
        "steps": purchase_steps(current="agreement"),
        "breadcrumbs": agreement_crumbs(agreement),
    }
    return render(request, "framework_agreements/agreement_detail.html", context)


def _figures(agreement, ceiling, beneficiary_count) -> list[dict]:
    maximum = agreement.maximum_excl_tax
    rows = [
        {"value": format_euros(maximum) if maximum else _("sans"), "label": _("montant maximum HT")},
        {"value": format_euros(ceiling.consumed_excl_tax) if ceiling else "—", "label": _("commandé HT")},
        {"value": beneficiary_count, "label": _("bénéficiaires"), "url": "#beneficiaires"},
    ]
    if agreement.estimated_excl_tax:
        rows.insert(0, {"value": format_euros(agreement.estimated_excl_tax), "label": _("montant estimé HT")})
    return rows
