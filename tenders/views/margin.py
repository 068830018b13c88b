"""The margin of a draft: the legal check-list, live, and what the law asks of this procedure."""

from itertools import count

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from foundation.clock import now
from tenders import legal, rules, selectors
from tenders.checklist import publication_checklist
from tenders.enums import DelayGround, Procedure
from tenders.forms.criteria import CriterionFormSet
from tenders.forms.identity import IdentityForm
from tenders.models import Criterion
from tenders.views.doors import allowed_tender, public_crumbs


def margin(tender) -> dict:
    """The points of the check-list, and what the law asks of this draft."""
    at = now()
    return {**points(tender, at, lots=tender.lots.all()), "notes": legal_notes(tender, at)}


def points(tender, at, *, lots=None, with_pages: bool = True) -> dict:
    """Each point of the check-list with the page where it is mended (none for who may not), how many block."""
    checks = publication_checklist(tender, at, lots)
    return {
        "checks": [
            (check, reverse(f"tenders:{check.step}", args=[tender.pk]) if with_pages else "")
            for check in checks
        ],
        "missing": sum(1 for check in checks if check.blocking and not check.is_done),
    }


def legal_notes(tender, at) -> list[tuple]:
    """What the procedure of the draft means: its rounds, its shortest deadline, its publicity, its wait."""
    rule = legal.PROCEDURES[Procedure(tender.procedure)]
    on = at.astimezone(legal.PARIS).date()
    rounds = ", ".join(str(step.kind.label).lower() for step in rule.steps if not step.is_optional)
    where = legal.publicity(tender.procedure, tender.estimated_value_excl_tax, on)
    wait = legal.in_force(legal.STANDSTILL_DAYS, on)
    return [
        (_("Étapes"), rounds),
        (_("Si l'avis part aujourd'hui"), _earliest(tender, at, on)),
        (_("Publicité"), where.label),
        (_("Négociation"), _("possible, si l'avis l'annonce") if rule.negotiates else _("non")),
        (
            _("Attente avant signature"),
            _("%(days)d jours") % {"days": wait.value} if rule.has_standstill else _("aucune"),
        ),
    ]


def _earliest(tender, at, on) -> str:
    rule = legal.minimum_delay(tender.procedure, on, ground=tender.delay_ground)
    if rule is None:
        return _("aucun minimum : un délai suffisant pour bien répondre")
    earliest = legal.earliest_due_at(tender.procedure, at, ground=tender.delay_ground)
    words = {
        "days": rule.value,
        "earliest": date_format(earliest.astimezone(legal.PARIS), r"j F Y à G \h i"),
        "article": rule.cited,
    }
    return _("date limite au plus tôt le %(earliest)s : %(days)d jours francs (%(article)s)") % words


@login_required
@require_POST
def checks(request, pk):
    """The margin as it would be with what is typed; nothing is saved."""
    tender = allowed_tender(request, pk, rules.can_edit_tender, selectors.DRAFT, joined=("project__brief",))
    if "lot" in request.POST:
        _take_criteria(tender, request.POST)
    else:
        for name, value in IdentityForm(request.POST).typed.items():
            setattr(tender, name, value)
    return render(request, "tenders/draft/checks.html", {"tender": tender, **margin(tender)})


def _take_criteria(tender, posted) -> None:
    """Put the criteria as they are typed in place of those of their lot, in memory."""
    lot = next((lot for lot in tender.lots.all() if str(lot.pk) == posted["lot"]), None)
    rows = CriterionFormSet(posted, prefix="lignes")
    if lot is None or not rows.is_valid():
        return
    levels = {row.label: list(row.levels.all()) for row in lot.criteria.all()}
    lot._prefetched_objects_cache["criteria"] = list(_unsaved(lot, rows.tree(), levels))


def _unsaved(lot, tree: list[dict], levels: dict):
    """Criteria of a table that nobody saved; their keys are negative, so that no row answers to them."""
    keys = count(-1, -1)
    for facts in tree:
        children = facts.pop("children")
        parent = Criterion(pk=next(keys), lot=lot, **facts)
        for row in [
            parent,
            *(Criterion(pk=next(keys), lot=lot, parent=parent, **child) for child in children),
        ]:
            row._prefetched_objects_cache = {"levels": levels.get(row.label, [])}
            yield row


@require_safe
def procedures(request):
    """Every procedure and technique with its steps, delays and articles: read by anybody."""
    on = now().astimezone(legal.PARIS).date()
    context = {
        "procedures": [(rule, _delays(rule, on)) for rule in legal.PROCEDURES.values()],
        "techniques": legal.TECHNIQUES.values(),
        "thresholds": _thresholds(on),
        "breadcrumbs": public_crumbs(_("Procédures et délais")),
    }
    return render(request, "tenders/procedures.html", context)


def _delays(rule, on) -> list[tuple]:
    """Each round of a procedure with its delays, in words."""
    return [
        (step, [_delay_words(step.delay(on, ground), ground) for ground in step.delays])
        for step in rule.steps
    ]


def _delay_words(delay, ground) -> str:
    words = ngettext("%(days)d jour", "%(days)d jours", delay.value) % {"days": delay.value}
    article = f"{words} ({delay.cited})"
    return article if ground == DelayGround.ORDINARY else f"{DelayGround(ground).label} : {article}"


def _thresholds(on) -> list[tuple]:
    rows = (
        (_("Dispense de publicité (services et fournitures)"), legal.NO_PUBLICITY_THRESHOLD),
        (_("Avis au BOAMP ou dans un journal d'annonces légales"), legal.NATIONAL_PUBLICITY_THRESHOLD),
        (_("Procédure formalisée : État et ses établissements"), legal.FORMAL_THRESHOLD_STATE),
        (_("Procédure formalisée : autres acheteurs"), legal.FORMAL_THRESHOLD_OTHERS),
    )
    return [(label, legal.in_force(numbers, on)) for label, numbers in rows]
