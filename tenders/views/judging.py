"""How the offers of a draft will be judged: criteria, notation, impact questions, price formulas."""

from decimal import Decimal
from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import model_to_dict
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation.clock import now
from foundation.errors import Refusal
from tenders import services
from tenders.enums import CriterionKind, ImpactTheme
from tenders.forms.criteria import (
    SUB,
    TOP,
    USUAL_LEVELS,
    CostItemFormSet,
    CriterionFormSet,
    ImpactFormSet,
    LevelFormSet,
    LibraryForm,
    PriceNotationForm,
    QualityNotationForm,
)
from tenders.forms.search import FormulaForm
from tenders.formulas import FORMULAS, preview
from tenders.impact import library
from tenders.views.doors import public_crumbs
from tenders.views.drafting import draft_context, draft_of, tell

CRITERION_FIELDS = ("label", "description", "kind", "weight", "is_environmental")


def draft_and_lot(request, pk, lot_pk):
    """The draft and one of its lots, or 404."""
    tender = draft_of(request, pk)
    lot = next((lot for lot in tender.lots.all() if lot.pk == lot_pk), None)
    if lot is None:
        raise Http404
    return tender, lot


def submitted_rows(request, rows, call, *others):
    """As `submitted`, for a table of rows: a refusal is said above the table, what was typed is kept."""
    if request.method != "POST":
        return None
    valid = [form.is_valid() for form in (rows, *others)]  # each, so that each says its errors
    if not all(valid):
        return None
    try:
        return call()
    except Refusal as refusal:
        rows.non_form_errors().extend(str(reason) for reason in refusal.reasons)
        return None


@login_required
@require_safe
def criteria(request, pk):
    """The criteria of every lot, with the sum of their weights."""
    tender = draft_of(request, pk)
    lots = tender.lots.all()
    return render(
        request, "tenders/draft/criteria.html", draft_context(request, tender, "criteria", lots=lots)
    )


@login_required
def lot_criteria(request, pk, lot_pk):
    """The table of the criteria of one lot."""
    tender, lot = draft_and_lot(request, pk, lot_pk)
    known = [
        {**model_to_dict(row, CRITERION_FIELDS), "level": SUB if row.parent_id else TOP}
        for row in lot.criteria.all()
    ]
    rows = CriterionFormSet(request.POST or None, initial=known, prefix="lignes")

    def call():
        return services.criteria_set(lot=lot, criteria=rows.tree(), by=request.user, at=now())

    if submitted_rows(request, rows, call) is not None:
        messages.success(
            request, _("Les critères du lot %(number)d sont enregistrés.") % {"number": lot.number}
        )
        return redirect("tenders:criteria", pk=tender.pk)
    others = [other for other in tender.lots.all() if other != lot and other.criteria.all()]
    context = draft_context(request, tender, "criteria", lot=lot, table=rows, others=others)
    return render(request, "tenders/draft/lot_criteria.html", context)


@login_required
@require_POST
def criteria_copy(request, pk, lot_pk, other_pk):
    """Give a lot the criteria of another, with their notation."""
    tender, lot = draft_and_lot(request, pk, lot_pk)
    other = get_object_or_404(tender.lots, pk=other_pk)
    done = _("Les critères du lot %(other)d sont repris.") % {"other": other.number}
    tell(request, partial(services.criteria_copy, lot=lot, other=other), done)
    return redirect("tenders:lot_criteria", pk=tender.pk, lot_pk=lot.pk)


@login_required
def criterion_notation(request, pk, lot_pk, criterion_pk):
    """How one criterion is marked: formula and curve, or written levels and the eliminating mark."""
    tender, lot = draft_and_lot(request, pk, lot_pk)
    criterion = next((row for row in lot.scored_criteria() if row.pk == criterion_pk), None)
    if criterion is None:
        raise Http404
    if criterion.is_scored_by_formula:
        form, rows = _price_forms(request, criterion)
    else:
        form, rows = _quality_forms(request, criterion)

    def call():
        table = {"cost_items": rows.rows()} if criterion.is_scored_by_formula else {"levels": rows.rows()}
        return services.criterion_notation_set(
            criterion=criterion, **form.cleaned_data, **table, by=request.user, at=now()
        )

    if submitted_rows(request, rows, call, form) is not None:
        messages.success(
            request, _("La notation de « %(label)s » est enregistrée.") % {"label": criterion.label}
        )
        return redirect("tenders:criteria", pk=tender.pk)
    context = draft_context(
        request,
        tender,
        "criteria",
        lot=lot,
        criterion=criterion,
        form=form,
        table=rows,
        previews=_previews(criterion.share, criterion.formula_parameter)
        if criterion.is_scored_by_formula
        else [],
        has_costs=criterion.kind == CriterionKind.COST,
    )
    return render(request, "tenders/draft/notation.html", context)


def _price_forms(request, criterion):
    names = ("formula", "formula_parameter")
    form = PriceNotationForm(request.POST or None, initial=model_to_dict(criterion, names))
    fields = ("label", "unit", "unit_cost_excl_tax", "multiplier")
    known = [model_to_dict(item, fields) for item in criterion.cost_items.all()]
    return form, CostItemFormSet(request.POST or None, initial=known, prefix="lignes")


def _quality_forms(request, criterion):
    initial = {"minimum_points": criterion.minimum_points}
    form = QualityNotationForm(request.POST or None, initial=initial)
    fields = ("points", "label", "description")
    known = [model_to_dict(level, fields) for level in criterion.levels.all()]
    usual = [dict(zip(fields, level, strict=True)) for level in USUAL_LEVELS]
    return form, LevelFormSet(request.POST or None, initial=known or usual, prefix="lignes")


def _previews(weight: Decimal, parameter: Decimal | None = None) -> list:
    return [preview(code, weight=weight, parameter=parameter) for code in FORMULAS]


@require_safe
def formulas(request):
    """Every price formula, with its curve and its table, for a weight and a slope of one's choice."""
    form = FormulaForm(request.GET or None)
    wanted = form.wanted
    context = {
        "form": form,
        "previews": _previews(wanted.get("poids") or Decimal(40), wanted.get("pente")),
        "breadcrumbs": public_crumbs(_("Formules de prix")),
    }
    return render(request, "tenders/formulas.html", context)


@login_required
@require_safe
def impact(request, pk):
    """The impact questions of every lot."""
    tender = draft_of(request, pk)
    context = draft_context(request, tender, "impact", lots=tender.lots.all())
    return render(request, "tenders/draft/impact.html", context)


@login_required
def lot_impact(request, pk, lot_pk):
    """The table of the impact questions of one lot, and the library."""
    tender, lot = draft_and_lot(request, pk, lot_pk)
    asked = list(lot.impact_questions.all())
    rows = ImpactFormSet(
        request.POST or None,
        initial=[_typed_question(question) for question in asked],
        prefix="lignes",
        form_kwargs={"criteria": _readers(lot)},
    )

    def call():
        return services.impact_questions_set(lot=lot, questions=rows.rows(), by=request.user, at=now())

    if submitted_rows(request, rows, call) is not None:
        messages.success(
            request, _("Les questions du lot %(number)d sont enregistrées.") % {"number": lot.number}
        )
        return redirect("tenders:impact", pk=tender.pk)
    theme = request.GET.get("theme", "")
    context = draft_context(
        request,
        tender,
        "impact",
        lot=lot,
        table=rows,
        shelf=LibraryForm(asked={question.code for question in asked}, theme=theme),
        themes=ImpactTheme,
        theme=theme,
    )
    return render(request, "tenders/draft/lot_impact.html", context)


def _readers(lot) -> list:
    return [row for row in lot.scored_criteria() if not row.is_scored_by_formula]


def _typed_question(question) -> dict:
    fields = ("text", "theme", "evidence", "is_required", "code")
    return {**model_to_dict(question, fields), "criterion": question.criterion_id}


@login_required
@require_POST
def impact_add(request, pk, lot_pk):
    """Take questions of the library, after those that the lot has; the usual ones of a State startup at once."""
    tender, lot = draft_and_lot(request, pk, lot_pk)
    asked = list(lot.impact_questions.values("theme", "text", "evidence", "is_required", "code", "criterion"))
    codes = {question["code"] for question in asked}
    if "startups" in request.POST:
        chosen = [question.code for question in library().values() if question.for_state_startups]
    else:
        chosen = request.POST.getlist("questions")
    added = [library()[code] for code in chosen if code in library() and code not in codes]
    if not added:
        messages.error(request, _("Cochez au moins une question que le lot ne pose pas encore."))
        return redirect("tenders:lot_impact", pk=tender.pk, lot_pk=lot.pk)
    readers = {row.pk: row for row in _readers(lot)}
    questions = [{**question, "criterion": readers.get(question["criterion"])} for question in asked]
    questions += [
        {"theme": question.theme, "text": question.text, "evidence": question.evidence, "code": question.code}
        for question in added
    ]
    call = partial(services.impact_questions_set, lot=lot, questions=questions)
    tell(request, call, _("Les questions choisies sont ajoutées : adaptez leurs mots."))
    return redirect("tenders:lot_impact", pk=tender.pk, lot_pk=lot.pk)
