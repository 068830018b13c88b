"""What a buyer changes after the publication: corrigendum, later deadline, end of the consultation."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from foundation.accounts.fresh import fresh_sign_in_required
from foundation.clock import now
from foundation.screens.doors import submitted
from tenders import rules, services
from tenders.forms.changes import CancelForm, CorrigendumForm, ExtensionForm
from tenders.services.changes import CORRECTED_FIELDS
from tenders.views.doors import allowed_tender, buyer_crumbs
from tenders.workflow import TENDER


def _receiving(request, pk):
    """The consultation that still receives answers, or 404 for who may not change it."""
    tender = allowed_tender(request, pk, rules.can_correct_tender, wanted=("documents",))
    if not tender.is_receiving(now()):
        raise Http404
    return tender


@login_required
@fresh_sign_in_required
def corrigendum(request, pk):
    """Say otherwise something that was announced."""
    tender = _receiving(request, pk)
    initial = {name: getattr(tender, name) for name in CORRECTED_FIELDS}
    form = CorrigendumForm(
        request.POST or None, request.FILES or None, documents=tender.documents.all(), initial=initial
    )
    if submitted(request, form, partial(_correct, request, tender)):
        messages.success(request, _("Le rectificatif est publié et envoyé aux entreprises concernées."))
        return redirect("tenders:detail", pk=pk)
    context = {"tender": tender, "form": form, "breadcrumbs": buyer_crumbs(_("Rectifier"), tender)}
    return render(request, "tenders/changes/corrigendum.html", context)


def _correct(request, tender, data):
    added = [(data["added_title"], data["added_file"])] if data["added_file"] else []
    replaced = {data["replaced"]: data["replacing_file"]} if data.get("replaced") else {}
    return services.corrigendum_publish(
        tender=tender,
        reason=data["reason"],
        fields={name: data[name] for name in CORRECTED_FIELDS},
        added=added,
        replaced=replaced,
        withdrawn=[one for one in data.get("withdrawn") or () if one not in replaced],
        by=request.user,
        at=now(),
    )


@login_required
@fresh_sign_in_required
def extension(request, pk):
    """Ask for a later deadline; a second person confirms it."""
    tender = _receiving(request, pk)
    form = ExtensionForm(request.POST or None)
    call = partial(services.extension_ask, tender=tender, by=request.user, at=now())
    approval = submitted(request, form, lambda data: call(**data))
    if approval:
        messages.success(
            request, _("C’est demandé : la date change dès qu’une seconde personne l’aura confirmé.")
        )
        return redirect(approval)
    context = {"tender": tender, "form": form, "breadcrumbs": buyer_crumbs(_("Repousser"), tender)}
    return render(request, "tenders/changes/extension.html", context)


def may_cancel(user, tender) -> bool:
    """Whether this person may give this consultation up, in the state where it is."""
    return any(transition.name == "cancel" for transition in TENDER.available(user, tender))


@login_required
@fresh_sign_in_required
def cancel(request, pk):
    """Give a consultation up, with the ground and the reason that firms will read."""
    tender = allowed_tender(request, pk, may_cancel)
    form = CancelForm(request.POST or None)

    def call(data):
        ground, reason = data["cancel_ground"], data["cancel_reason"]
        return services.tender_cancel(tender=tender, reason=reason, ground=ground, by=request.user, at=now())

    if submitted(request, form, call):
        messages.success(request, _("La consultation est abandonnée ; les entreprises concernées le savent."))
        return redirect("tenders:manage", pk=pk)
    context = {"tender": tender, "form": form, "breadcrumbs": buyer_crumbs(_("Abandonner"), tender)}
    return render(request, "tenders/cancel.html", context)
