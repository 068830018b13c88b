"""The buyer's side of consultations: their list, the page of each, giving one up."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation.accounts.selectors import narrowed_to_house
from foundation.clock import now
from foundation.journal.selectors import history
from tenders import rules, selectors
from tenders.enums import Phase, RoundPhase, TenderState
from tenders.forms.search import FollowForm
from tenders.rules import public
from tenders.views import margin
from tenders.views.changes import may_cancel
from tenders.views.doors import allowed_tender, buyer_crumbs, page_of, tender_steps
from tenders.views.public import published, tender_facts


@login_required
@require_safe
def mine(request):
    """The consultations of one's organisations, drafts included."""
    if not rules.works_on_tenders(request.user):
        raise Http404
    form = FollowForm(request.GET or None)
    wanted = form.wanted
    rows = selectors.tenders_of_buyer(narrowed_to_house(request.user))
    if wanted.get("phase"):
        rows = rows.in_phase(wanted["phase"], now())
    context = {
        "form": form,
        "page_obj": page_of(request, rows),
        "is_filtered": bool(wanted),
        "may_create": rules.opens_tenders(request.user),
        "breadcrumbs": [(_("Consultations"), reverse("tenders:list")), (_("Nos consultations"), None)],
    }
    return render(request, "tenders/mine.html", context)


@login_required
@require_safe
def manage(request, pk):
    """Where a consultation stands, what comes next and who does it."""
    tender = allowed_tender(
        request, pk, rules.works_for_buyer, selectors.FOLLOWED, joined=("project__brief",)
    )
    at = now()
    context = {
        "tender": tender,
        "facts": tender_facts(tender),
        "stages": stages(tender, at),
        "actions": actions(request.user, tender, at),
        **_readiness(request.user, tender, at),
        "deposit_count": selectors.deposit_count(tender) if tender.published_at else None,
        **published(request.user, tender),
        "history": history(tender, limit=12),
        "steps": tender_steps(tender),
        "breadcrumbs": [*buyer_crumbs(), (tender.reference, None)],
    }
    return render(request, "tenders/manage.html", context)


def _readiness(user, tender, at) -> dict:
    """What a draft still lacks before its publication, and where its review stands; nothing once published."""
    if tender.state != TenderState.DRAFT:
        return {}
    found = margin.points(tender, at, with_pages=rules.can_edit_tender(user, tender))
    return {**found, "review": selectors.last_review(tender)}


def stages(tender, at) -> list[dict]:
    """The course of a consultation: each stage with its date and whether it is done, current or next."""
    phase = tender.phase(at)
    if phase == Phase.CANCELLED:
        return [{"label": _("Sans suite"), "at": tender.cancelled_at, "status": "current"}]
    course = [
        (Phase.DRAFT, _("Rédaction"), tender.created_at),
        (Phase.RECEIVING, _("Réception des plis"), tender.published_at),
        (Phase.TO_OPEN, _("Ouverture"), tender.opened_at or tender.submission_due_at),
        (Phase.ANALYSIS, _("Analyse"), tender.opened_at),
        (Phase.AWARDED, _("Attribution"), tender.awarded_at),
    ]
    # While the invited candidates answer, the analysis of what they sent before goes on.
    here = Phase.ANALYSIS if phase == Phase.INVITED else phase
    place = [code for code, _label, _at in course].index(here)
    return [
        {"label": label, "at": moment, "status": _status(number, place)}
        for number, (_code, label, moment) in enumerate(course)
    ]


def _status(number: int, place: int) -> str:
    if number < place:
        return "done"
    return "current" if number == place else "next"


def actions(user, tender, at) -> list[dict]:
    """What this person may do next; the first is the main one."""
    links = [
        (rules.can_edit_tender(user, tender), _("Reprendre la rédaction"), "identity", "primary"),
        (_is_draft(tender), _("Relecture"), "review", "secondary"),
        (rules.can_edit_tender(user, tender), _("Vérifier et publier"), "publish", "secondary"),
        (
            public.can_answer_questions(user, tender),
            _("Questions des entreprises"),
            "answers_prepare",
            "secondary",
        ),
        (_is_to_open(user, tender, at), _("Ouvrir les plis"), "opening", "primary"),
        (rules.reads_offers(user, tender), _("Candidatures"), "candidatures", "secondary"),
        (rules.reads_offers(user, tender), _("Analyse des offres"), "analysis", "primary"),
        (_is_to_decide(user, tender), _("Décider l'attribution"), "decide", "primary"),
        (_has_contracts(user, tender), _("Contrats"), "contracts", "primary"),
        (rules.can_plan_stages(user, tender), _("Calendrier annoncé"), "calendar", "secondary"),
        (bool(tender.published_at), _("Page publique"), "detail", "secondary"),
        (bool(tender.published_at), _("Dépositaires et ouverture"), "opening", "secondary"),
        (_may_change(user, tender, at), _("Rectifier"), "corrigendum", "secondary"),
        (_may_change(user, tender, at), _("Repousser la date limite"), "extension", "secondary"),
        (may_cancel(user, tender), _("Abandonner"), "cancel", "secondary"),
    ]
    offered = [
        {"label": label, "url": reverse(f"tenders:{name}", args=[tender.pk]), "method": "get", "kind": kind}
        for is_offered, label, name, kind in links
        if is_offered
    ]
    seen: set[str] = set()
    return [link for link in offered if not (link["url"] in seen or seen.add(link["url"]))]


def _has_contracts(user, tender) -> bool:
    return tender.state == TenderState.AWARDED and rules.reads_offers(user, tender)


def _is_to_open(user, tender, at) -> bool:
    if not tender.published_at:
        return False
    round = selectors.round_in_force(tender)
    return round is not None and round.phase(at) == RoundPhase.TO_OPEN and rules.can_open_round(user, round)


def _is_to_decide(user, tender) -> bool:
    return tender.state == TenderState.OPENED and rules.can_decide_award(user, tender)


def _is_draft(tender) -> bool:
    return tender.state == TenderState.DRAFT


def _may_change(user, tender, at) -> bool:
    return tender.is_receiving(at) and rules.can_correct_tender(user, tender)
